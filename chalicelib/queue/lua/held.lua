-- Shared by scripts that move scheduled jobs, or end active ones. Follows `lanes`; the keys come by name.

-- A scheduled job that is due, and whose owner has all active jobs allowed, is held back: it stays scheduled with the
-- score HELD + due time, and `held` has it by owner and due time.
local HELD = 2 ^ 50
local function held_entry(owner, due, id) return owner .. '|' .. string.format('%015.0f', due) .. '|' .. id end

-- Takes a job out of the scheduled; its due time, nil when it was not there.
local function unschedule(keys, owner, id)
  local score = tonumber(redis.call('ZSCORE', keys.scheduled, id) or '')
  if not score then return nil end
  redis.call('ZREM', keys.scheduled, id)
  if score >= HELD then redis.call('ZREM', keys.held, held_entry(owner, score - HELD, id)) end
  return score % HELD
end

-- Lets jobs that are held back fall due, the first due first, each with a place among its owner's active jobs.
local function release(keys, owner, places)
  local released = 0
  local from, to = '[' .. owner .. '|', '(' .. owner .. '}'
  for _, entry in ipairs(redis.call('ZRANGEBYLEX', keys.held, from, to, 'LIMIT', 0, places)) do
    local due, id = entry:match('|(%d+)|(.*)$')
    redis.call('ZREM', keys.held, entry)
    if redis.call('ZADD', keys.scheduled, 'XX', 'CH', int(tonumber(due)), id) == 1 then
      redis.call('ZADD', keys.active .. owner, int(now + 40000), id) -- until it is promoted; lapses as admit's do
      released = released + 1
    end
  end
  return released
end

-- Takes a job out of wherever it waits; tells the state it was counted in, nil when it was nowhere.
local function take_out(keys, lane, owner, id)
  if unplace(keys, lane, id) then return 'pending' end
  if unschedule(keys, owner, id) then return 'scheduled' end
  if redis.call('ZREM', keys.retrying, id) == 1 then return 'retrying' end
end

-- An active job has ended: its place goes to one that is held back. Returns how many were released.
local function vacate(keys, owner, id)
  if redis.call('ZREM', keys.active .. owner, id) == 0 or redis.call('EXISTS', keys.held) == 0 then return 0 end
  return release(keys, owner, 1)
end
