-- Let a worker go, unless there is work (it holds slots, so it should take it) or `force`.
--@keys lanes:zset waiting:zset workers:zset slots:hash waking:string
--@given about_worker:string
--@args worker force
--@reply 1 when it is gone, 0 when it should go on
-- `force`: 1 = go whatever is ready. An enqueue after it invokes a worker: nothing is left between.
if ARGV.force ~= '1' and redis.call('EXISTS', KEYS.lanes) == 1 then return 0 end
redis.call('ZREM', KEYS.waiting, ARGV.worker)
redis.call('ZREM', KEYS.workers, ARGV.worker)
redis.call('HDEL', KEYS.slots, ARGV.worker)
redis.call('DEL', KEYS.about_worker, KEYS.waking)
return 1
