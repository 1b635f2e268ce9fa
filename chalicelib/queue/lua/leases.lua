-- Leases of jobs. A token is `token|state|place|lane`: state is p (claimed) or r (running).
--@keys leases:zset tokens:hash cancels:zset
local RUNNING, CLAIMED = 'running', 'pending'

-- Returns the lease on a job: its token, the state in which the job is counted, its lane and place; nil without lease.
local function lease_of(id)
  local text = redis.call('HGET', KEYS.tokens, id)
  if not text then return nil end
  local token, state, place, lane = text:match('^([^|]*)|(%a)|([^|]*)|(.*)$')
  return token, state == 'r' and RUNNING or CLAIMED, lane, place
end

local function token_of(token, state, place, lane)
  return token .. '|' .. (state == RUNNING and 'r' or 'p') .. '|' .. place .. '|' .. lane
end

-- Sets the holder of a job, and whether the job runs.
local function hold(id, token, state, place, lane)
  redis.call('HSET', KEYS.tokens, id, token_of(token, state, place, lane))
end

-- Claims a job unless it is leased. Returns whether it did. `lease_until` sets the end of many leases at once.
local function claim_free(id, token, place, lane)
  return redis.call('HSETNX', KEYS.tokens, id, token_of(token, CLAIMED, place, lane)) == 1
end

local function lease_until(ends, ids)
  for first = 1, #ids, 2000 do
    local members = {}
    for n = first, math.min(first + 1999, #ids) do
      members[#members + 1] = ends
      members[#members + 1] = ids[n]
    end
    redis.call('ZADD', KEYS.leases, unpack(members))
  end
end

-- Leases a job until `ends`, in ms.
local function grant(id, ends, token, state, place, lane)
  redis.call('ZADD', KEYS.leases, ends, id)
  hold(id, token, state, place, lane)
end

-- Ends the lease on a job, and removes the request to cancel it.
local asked
local function release(id)
  if asked == nil then asked = redis.call('EXISTS', KEYS.cancels) == 1 end
  redis.call('ZREM', KEYS.leases, id)
  redis.call('HDEL', KEYS.tokens, id)
  if asked then redis.call('ZREM', KEYS.cancels, id) end
end
