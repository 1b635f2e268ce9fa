-- Close the queue when a rebuild begins, and delete its keys except events, slots and the keys of owners.
--@keys epoch:string rebuild:string ready:zset numbers:hash lanes:zset turn:string paused:set scheduled:zset
--@keys retrying:zset leases:zset tokens:hash cancels:zset waking:string intents:zset forgotten:zset held:zset
--@keys epoch_2:string rebuild_2:string
--@args rebuild_token
--@reply 1, or 0 when another process has the lock
if redis.call('GET', KEYS.rebuild) ~= ARGV.rebuild_token then return 0 end
redis.call('DEL', KEYS.epoch)
redis.call('UNLINK', KEYS.ready, KEYS.numbers, KEYS.lanes, KEYS.turn, KEYS.paused, KEYS.scheduled, KEYS.retrying,
  KEYS.leases, KEYS.tokens, KEYS.cancels, KEYS.waking, KEYS.intents, KEYS.forgotten, KEYS.held)
-- Scripts of layout 2 do not compare layouts: for its processes the queue stays closed and in rebuild.
redis.call('DEL', KEYS.epoch_2)
redis.call('SET', KEYS.rebuild_2, 'layout')
return 1
