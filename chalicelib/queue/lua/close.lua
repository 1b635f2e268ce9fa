-- Close the queue at the begin of a rebuild and drop what it held, but the lanes' contents, events and slots.
--@keys epoch:string rebuild:string lanes:zset turn:string paused:set scheduled:zset retrying:zset leases:zset
--@keys tokens:hash cancels:zset ringing:string intents:zset forgotten:zset held:zset
--@args rebuild_token
--@reply 1, or 0 when the lock is another's
if redis.call('GET', KEYS.rebuild) ~= ARGV.rebuild_token then return 0 end
redis.call('DEL', KEYS.epoch)
redis.call('UNLINK', KEYS.lanes, KEYS.turn, KEYS.paused, KEYS.scheduled, KEYS.retrying, KEYS.leases, KEYS.tokens,
  KEYS.cancels, KEYS.ringing, KEYS.intents, KEYS.forgotten, KEYS.held)
return 1
