-- Scheduled jobs that are held back, and the owners' active jobs.
--@include places
--@keys held:zset blocked:set
--@owner active:zset

-- A scheduled job is held back when it is due while its owner has reached the limit of active jobs: it stays scheduled
-- with the score HELD + due time, and `held` lists it by owner and due time.
local HELD = 2 ^ 50
local function held_entry(owner, due, id)
  return OWNER.id[owner] .. '|' .. string.format('%015.0f', due) .. '|' .. id
end

-- Removes a job from the scheduled set. Returns its due time, nil if it was not there.
local function unschedule(owner, id)
  local score = tonumber(redis.call('ZSCORE', KEYS.scheduled, id) or '')
  if not score then return nil end
  redis.call('ZREM', KEYS.scheduled, id)
  if score >= HELD then redis.call('ZREM', KEYS.held, held_entry(owner, score - HELD, id)) end
  return score % HELD
end

-- Removes a job from where it waits. Returns the state in which it was counted, nil if it was nowhere.
local function remove_waiting(owner, id, place)
  if take_ready(id, place) then return 'pending' end
  if unschedule(owner, id) then return 'scheduled' end
  if redis.call('ZREM', KEYS.retrying, id) == 1 then return 'retrying' end
  if redis.call('SREM', KEYS.blocked, id) == 1 then return 'blocked' end
  if redis.call('ZREM', KEYS.suspended, id) == 1 then return 'waiting' end
end

-- Makes held-back jobs due again, in order of their due time, and reserves an active place for each.
local function release_held(owner, places)
  local count, id_of_owner = 0, OWNER.id[owner]
  local from, to = '[' .. id_of_owner .. '|', '(' .. id_of_owner .. '}'
  for _, entry in ipairs(redis.call('ZRANGEBYLEX', KEYS.held, from, to, 'LIMIT', 0, places)) do
    local due, id = entry:match('|(%d+)|(.*)$')
    redis.call('ZREM', KEYS.held, entry)
    if redis.call('ZADD', KEYS.scheduled, 'XX', 'CH', int(tonumber(due)), id) == 1 then
      redis.call('ZADD', OWNER.active[owner], int(now + 40000), id) -- until promoted; expires as those of admit
      count = count + 1
    end
  end
  return count
end

-- Releases the active place of a job that ended, to a held-back one. Returns how many became due.
local function free_place(owner, id)
  if redis.call('ZREM', OWNER.active[owner], id) == 0 or redis.call('EXISTS', KEYS.held) == 0 then return 0 end
  return release_held(owner, 1)
end
