-- Register a worker with free slots to be woken, unless jobs are ready: then it should claim instead.
--@include clock
--@keys lanes:zset waiting:zset
--@args worker for_ms:int
--@reply 1 when it is registered, 0 when jobs are ready
if redis.call('EXISTS', KEYS.lanes) == 1 then
  redis.call('ZREM', KEYS.waiting, ARGV.worker)
  return 0
end
redis.call('ZREMRANGEBYSCORE', KEYS.waiting, '-inf', int(now))
redis.call('ZADD', KEYS.waiting, int(now + ARGV.for_ms), ARGV.worker)
return 1
