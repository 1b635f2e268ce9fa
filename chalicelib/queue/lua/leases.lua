-- Leases of jobs. A token is `token|state|place|lane`: state is p (claimed) or r (running).
--@keys leases:zset tokens:hash cancels:zset
local RUNNING, CLAIMED = 'running', 'pending'

-- The lease on a job: its token, the state in which the job is counted, its lane and place; nil when nobody holds it.
local function lease_of(id)
  local text = redis.call('HGET', KEYS.tokens, id)
  if not text then return nil end
  local token, state, place, lane = text:match('^([^|]*)|(%a)|([^|]*)|(.*)$')
  return token, state == 'r' and RUNNING or CLAIMED, lane, place
end

-- Sets who holds a job, and whether it runs.
local function hold(id, token, state, place, lane)
  redis.call('HSET', KEYS.tokens, id, token .. '|' .. (state == RUNNING and 'r' or 'p') .. '|' .. place .. '|' .. lane)
end

-- Gives a job a lease until `ends` in ms.
local function grant(id, ends, token, state, place, lane)
  redis.call('ZADD', KEYS.leases, ends, id)
  hold(id, token, state, place, lane)
end

-- Ends the lease on a job, and with it the request to stop it.
local asked
local function release(id)
  if asked == nil then asked = redis.call('EXISTS', KEYS.cancels) == 1 end
  redis.call('ZREM', KEYS.leases, id)
  redis.call('HDEL', KEYS.tokens, id)
  if asked then redis.call('ZREM', KEYS.cancels, id) end
end
