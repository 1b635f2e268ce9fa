-- Give a worker up to `wanted` free slots of the fleet of its pool. Slots of dead workers expire.
--@include slots
--@keys waking:zset
--@args worker pool wanted:int pool_fleet:int lapse_ms:int
--@reply the number of slots given, 0 when the fleet is full
local worker, pool = ARGV.worker, ARGV.pool
redis.call('HDEL', KEYS.slots, worker)
if pool ~= 'default' then redis.call('HSET', KEYS.pools, pool .. '|fleet', ARGV.pool_fleet) end
local given = math.max(0, math.min(ARGV.wanted, ARGV.pool_fleet - (slots_by_pool()[pool] or 0)))
if given > 0 then
  redis.call('HSET', KEYS.slots, worker, pool == 'default' and given or given .. '|' .. pool)
  redis.call('ZADD', KEYS.workers, int(now + ARGV.lapse_ms), worker)
  redis.call('ZREM', KEYS.waking, pool) -- the worker that was invoked has started
else
  redis.call('ZREM', KEYS.workers, worker)
end
return given
