-- Close the queue when a rebuild begins, and delete its keys except events, slots, pools and the keys of owners.
--@keys epoch:string rebuild:string layout:string ready:zset numbers:hash special:zset groups:zset lanes:zset
--@keys absent:zset costs:hash limits:hash holders:zset rates:zset parked:zset timed:zset paused:set blocked:set
--@keys scheduled:zset retrying:zset suspended:zset leases:zset tokens:hash cancels:zset waking:zset intents:zset forgotten:zset
--@keys held:zset epoch_2:string rebuild_2:string turn_3:string waking_3:string
--@args rebuild_token layout
--@reply 1, or 0 when another process has the lock
if redis.call('GET', KEYS.rebuild) ~= ARGV.rebuild_token then return 0 end
redis.call('DEL', KEYS.epoch)
redis.call('UNLINK', KEYS.ready, KEYS.numbers, KEYS.special, KEYS.groups, KEYS.lanes, KEYS.absent, KEYS.costs,
  KEYS.limits, KEYS.holders, KEYS.rates, KEYS.parked, KEYS.timed, KEYS.paused, KEYS.blocked, KEYS.scheduled,
  KEYS.retrying, KEYS.suspended, KEYS.leases, KEYS.tokens, KEYS.cancels, KEYS.waking, KEYS.intents, KEYS.forgotten,
  KEYS.held, KEYS.turn_3, KEYS.waking_3)
-- From now on, processes of older layouts stay out. Those of layout 3 compare layouts; scripts of layout 2 do not: for
-- its processes the queue stays closed and in rebuild.
redis.call('SET', KEYS.layout, ARGV.layout)
redis.call('DEL', KEYS.epoch_2)
redis.call('SET', KEYS.rebuild_2, 'layout')
return 1
