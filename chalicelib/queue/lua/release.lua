-- The end of a lease.
--@include leases kicks
--@keys cancels:zset

-- Removes the leases on jobs, and the requests to cancel them.
local function remove_leases(ids)
  if #ids == 0 then return end
  redis.call('ZREM', KEYS.leases, unpack(ids))
  redis.call('HDEL', KEYS.tokens, unpack(ids))
  redis.call('ZREM', KEYS.cancels, unpack(ids))
end

-- Lets go of the instances of a lane that a job holds. Until its lease is removed, the script takes it for removed.
local function let_go(id, lane)
  lease_texts[id] = false
  local instances = parts(lane).instances
  if #instances == 0 then return end
  local members = {}
  for n, key in ipairs(instances) do
    members[n] = key .. '\0' .. id
    forget_state(key)
    kick_later(key)
  end
  redis.call('ZREM', KEYS.holders, unpack(members))
end

-- Ends the lease on a job.
local function release(id, lane)
  remove_leases({id})
  let_go(id, lane)
end
