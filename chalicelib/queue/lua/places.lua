-- Where a job waits: ready in its lane, scheduled, retrying, or suspended.
--@include clock members
--@keys ready:zset scheduled:zset retrying:zset suspended:zset

local function is_waiting(id, place)
  return redis.call('ZSCORE', KEYS.ready, member_of(place, id)) or redis.call('ZSCORE', KEYS.scheduled, id)
    or redis.call('ZSCORE', KEYS.retrying, id) or redis.call('ZSCORE', KEYS.suspended, id)
end

-- Removes a job from its lane. Returns whether it was there, at exactly that place.
local function take_ready(id, place) return redis.call('ZREM', KEYS.ready, member_of(place, id)) == 1 end
