-- Leases of jobs. A token is `token|state|place|estimate|lane`: state is p (claimed) or r (running), and the estimate
-- the slot time in ms that the claim was charged.
--@keys leases:zset tokens:hash
local RUNNING, CLAIMED = 'running', 'pending'

-- Returns the lease on a job: its token, the state in which the job is counted, its lane, place and estimate; nil without
-- lease.
local function lease_of(id)
  local text = redis.call('HGET', KEYS.tokens, id)
  if not text then return nil end
  local token, state, place, estimated, lane = text:match('^([^|]*)|(%a)|([^|]*)|([^|]*)|(.*)$')
  return token, state == 'r' and RUNNING or CLAIMED, lane, place, tonumber(estimated)
end

local function token_of(token, state, place, estimated, lane)
  return token .. '|' .. (state == RUNNING and 'r' or 'p') .. '|' .. place .. '|' .. estimated .. '|' .. lane
end

-- Sets the holder of a job, and whether the job runs.
local function hold(id, token, state, place, estimated, lane)
  redis.call('HSET', KEYS.tokens, id, token_of(token, state, place, estimated, lane))
end

-- Leases a job until `ends`, in ms.
local function grant(id, ends, token, state, place, estimated, lane)
  redis.call('ZADD', KEYS.leases, ends, id)
  hold(id, token, state, place, estimated, lane)
end
