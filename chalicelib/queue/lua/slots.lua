-- Slots of the fleet.
--@include clock
--@keys workers:zset slots:hash

-- Returns the slots that live workers hold; removes dead workers.
local function slots_held()
  for _, gone in ipairs(redis.call('ZRANGEBYSCORE', KEYS.workers, '-inf', now)) do
    redis.call('ZREM', KEYS.workers, gone)
    redis.call('HDEL', KEYS.slots, gone)
  end
  local held = 0
  for _, n in ipairs(redis.call('HVALS', KEYS.slots)) do held = held + n end
  return held
end
