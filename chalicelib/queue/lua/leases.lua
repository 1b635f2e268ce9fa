-- Leases of jobs. A token is `token|state|place|estimate|lane`: state is p (claimed; with the time of the claim in ms, if
-- the lane has limits) or r (running), and the estimate the slot time in ms that the claim was charged.
--@keys leases:zset tokens:hash
local RUNNING, CLAIMED = 'running', 'pending'
local lease_texts = {}

-- Reads the leases of several jobs at once.
local function read_leases(ids)
  if #ids == 0 then return end
  for n, text in ipairs(redis.call('HMGET', KEYS.tokens, unpack(ids))) do lease_texts[ids[n]] = text end
end

-- Returns the lease on a job: its token, the state in which the job is counted, its lane, place and estimate, and when it was
-- claimed, if that is known and it has not begun; nil without lease.
local function lease_of(id)
  local text = lease_texts[id]
  if text == nil then text = redis.call('HGET', KEYS.tokens, id) end
  if not text then return nil end
  local token, state, since, place, estimated, lane = text:match('^([^|]*)|(%a)(%d*)|([^|]*)|([^|]*)|(.*)$')
  return token, state == 'r' and RUNNING or CLAIMED, lane, place, tonumber(estimated), tonumber(since)
end

-- Returns the text of a lease before and after its place.
local function around_place(token, state, estimated, lane, since)
  local mark = state == RUNNING and 'r' or since and 'p' .. int(since) or 'p'
  return token .. '|' .. mark .. '|', '|' .. estimated .. '|' .. lane
end

-- Sets the holder of a job, and whether the job runs, when `write_leases` is called.
local changed = {}
local function hold_later(id, token, state, place, estimated, lane, since)
  local before, after = around_place(token, state, estimated, lane, since)
  lease_texts[id] = before .. place .. after
  changed[#changed + 1] = id
  changed[#changed + 1] = lease_texts[id]
end

-- Writes the leases that were changed.
local function write_leases()
  if #changed > 0 then redis.call('HSET', KEYS.tokens, unpack(changed)) end
  changed = {}
end

-- Sets the holder of a job, and whether the job runs.
local function hold(id, token, state, place, estimated, lane, since)
  hold_later(id, token, state, place, estimated, lane, since)
  write_leases()
end

-- Leases a job until `ends`, in ms.
local function grant(id, ends, token, state, place, estimated, lane, since)
  redis.call('ZADD', KEYS.leases, ends, id)
  hold(id, token, state, place, estimated, lane, since)
end
