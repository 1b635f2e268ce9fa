-- Announce a worker with free slots, unless there is work already: then it should claim instead of waiting.
--@include clock
--@keys lanes:zset waiting:zset
--@args worker for_ms:int
--@reply 1 when it may wait to be woken, 0 when there is work
if redis.call('EXISTS', KEYS.lanes) == 1 then
  redis.call('ZREM', KEYS.waiting, ARGV.worker)
  return 0
end
redis.call('ZREMRANGEBYSCORE', KEYS.waiting, '-inf', int(now))
redis.call('ZADD', KEYS.waiting, int(now + ARGV.for_ms), ARGV.worker)
return 1
