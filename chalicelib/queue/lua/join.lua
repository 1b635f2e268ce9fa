-- Give a worker up to `wanted` free slots of the fleet. Slots of dead workers expire.
--@include slots
--@keys waking:string
--@args worker wanted:int fleet:int lapse_ms:int
--@reply the number of slots given, 0 when the fleet is full
local worker = ARGV.worker
redis.call('HDEL', KEYS.slots, worker)
local given = math.max(0, math.min(ARGV.wanted, ARGV.fleet - slots_held()))
if given > 0 then
  redis.call('HSET', KEYS.slots, worker, given)
  redis.call('ZADD', KEYS.workers, int(now + ARGV.lapse_ms), worker)
  redis.call('DEL', KEYS.waking) -- the worker that was invoked has started
else
  redis.call('ZREM', KEYS.workers, worker)
end
return given
