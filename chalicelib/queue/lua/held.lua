-- Scheduled jobs that are held back, and the owners' active jobs.
--@include places
--@keys held:zset
--@owner active:zset

-- A scheduled job that is due, and whose owner has all active jobs allowed, is held back: it stays scheduled with the
-- score HELD + due time, and `held` has it by owner and due time.
local HELD = 2 ^ 50
local function held_entry(owner, due, id)
  return OWNER.id[owner] .. '|' .. string.format('%015.0f', due) .. '|' .. id
end

-- Takes a job out of the scheduled; its due time, nil when it was not there.
local function unschedule(owner, id)
  local score = tonumber(redis.call('ZSCORE', KEYS.scheduled, id) or '')
  if not score then return nil end
  redis.call('ZREM', KEYS.scheduled, id)
  if score >= HELD then redis.call('ZREM', KEYS.held, held_entry(owner, score - HELD, id)) end
  return score % HELD
end

-- Takes a job out of wherever it waits; the state that it was counted in, nil when it was nowhere.
local function take_out(owner, lane, id, place)
  if take_ready(lane, id, place) then return 'pending' end
  if unschedule(owner, id) then return 'scheduled' end
  if redis.call('ZREM', KEYS.retrying, id) == 1 then return 'retrying' end
end

-- Lets jobs that are held back fall due, the first due first, each with a place among its owner's active jobs.
local function let_in(owner, places)
  local count, id_of_owner = 0, OWNER.id[owner]
  local from, to = '[' .. id_of_owner .. '|', '(' .. id_of_owner .. '}'
  for _, entry in ipairs(redis.call('ZRANGEBYLEX', KEYS.held, from, to, 'LIMIT', 0, places)) do
    local due, id = entry:match('|(%d+)|(.*)$')
    redis.call('ZREM', KEYS.held, entry)
    if redis.call('ZADD', KEYS.scheduled, 'XX', 'CH', int(tonumber(due)), id) == 1 then
      redis.call('ZADD', OWNER.active[owner], int(now + 40000), id) -- until it is promoted; lapses as admit's do
      count = count + 1
    end
  end
  return count
end

-- An active job has ended: its place goes to one that is held back. Returns how many were let in.
local function vacate(owner, id)
  if redis.call('ZREM', OWNER.active[owner], id) == 0 or redis.call('EXISTS', KEYS.held) == 0 then return 0 end
  return let_in(owner, 1)
end
