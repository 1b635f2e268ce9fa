-- Remove a worker and release its slots, unless jobs are ready, which it should claim with its slots.
--@include clock groups
--@keys waiting:zset workers:zset slots:hash waking:zset
--@given about_worker:string
--@args worker pool force
--@reply 1 when it is removed, 0 when it should continue
-- `force`: 1 = retire even if jobs are ready. An enqueue after this invokes a worker, so no job is left without one.
if ARGV.force ~= '1' and has_ready(ARGV.pool) then return 0 end
redis.call('ZREM', KEYS.waiting, ARGV.worker)
redis.call('ZREM', KEYS.workers, ARGV.worker)
redis.call('HDEL', KEYS.slots, ARGV.worker)
redis.call('ZREM', KEYS.waking, ARGV.pool)
redis.call('DEL', KEYS.about_worker)
return 1
