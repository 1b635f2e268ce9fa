-- Let a worker go, unless there is work (it holds slots, so it should take it) or `force`.
--
-- KEYS[1] lanes (zset)   KEYS[2] waiting (zset)   KEYS[3] workers (zset)   KEYS[4] slots (hash)
-- KEYS[5] worker:<id> (string)   KEYS[6] bell:<id> (list)   KEYS[7] ringing (string)
-- ARGV[1] worker   ARGV[2] force (1 = go whatever is ready)
-- Returns 1 when it is gone, 0 when it should go on. An enqueue after it rings anew: nothing is left between.
if ARGV[2] ~= '1' and redis.call('EXISTS', KEYS[1]) == 1 then return 0 end
redis.call('ZREM', KEYS[2], ARGV[1])
redis.call('ZREM', KEYS[3], ARGV[1])
redis.call('HDEL', KEYS[4], ARGV[1])
redis.call('DEL', KEYS[5], KEYS[6], KEYS[7])
return 1
