-- Register a worker with free slots to be woken, unless jobs of its pool are ready: then it
-- should claim instead.
--@include clock groups listening
--@args worker pool for_ms:int
--@reply 1 when it is registered, 0 when jobs are ready
if has_ready(ARGV.pool) then
  redis.call('ZREM', KEYS.waiting, ARGV.worker)
  return 0
end
local base = pool_number(ARGV.pool) * LISTENS
redis.call('ZREMRANGEBYSCORE', KEYS.waiting, int(base), int(base + now))
redis.call('ZADD', KEYS.waiting, int(base + now + ARGV.for_ms), ARGV.worker)
return 1
