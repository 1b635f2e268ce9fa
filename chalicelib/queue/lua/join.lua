--!include lanes
-- Give a worker slots of the fleet, as many as are free and it wants. Slots of dead workers lapse.
--
-- KEYS[1..4] see prelude
-- KEYS[5] workers (zset)   KEYS[6] slots (hash)   KEYS[7] ringing (string)
-- ARGV[1..5] see prelude
-- ARGV[6] worker   ARGV[7] slots wanted   ARGV[8] fleet slots   ARGV[9] how long without heartbeat, ms
-- Returns the slots given, 0 when the fleet is full.
local worker, wanted, fleet, ttl = take(), tonumber(take()), tonumber(take()), tonumber(take())
redis.call('HDEL', KEYS[6], worker)
local free = fleet - slots_held({workers = KEYS[5], slots = KEYS[6]})
local given = math.max(0, math.min(wanted, free))
if given > 0 then
  redis.call('HSET', KEYS[6], worker, given)
  redis.call('ZADD', KEYS[5], int(now + ttl), worker)
  redis.call('DEL', KEYS[7]) -- the bell was heard
else
  redis.call('ZREM', KEYS[5], worker)
end
return given
