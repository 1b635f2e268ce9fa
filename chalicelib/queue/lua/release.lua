-- The end of a lease.
--@include leases kicks
--@keys cancels:zset

-- Ends the lease on a job, which lets go of the instances of its lane, and removes the request to cancel it.
local asked
local function release(id, lane)
  if asked == nil then asked = redis.call('EXISTS', KEYS.cancels) == 1 end
  redis.call('ZREM', KEYS.leases, id)
  redis.call('HDEL', KEYS.tokens, id)
  if asked then redis.call('ZREM', KEYS.cancels, id) end
  local instances, members = parts(lane).instances, {}
  if #instances == 0 then return end
  for n, key in ipairs(instances) do
    members[n] = key .. '\0' .. id
    states[key] = nil
    kick_later(key)
  end
  redis.call('ZREM', KEYS.holders, unpack(members))
end
