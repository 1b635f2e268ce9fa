-- Open the queue after a rebuild: a new epoch begins, events count from 1.
--
-- KEYS[1] epoch (string)   KEYS[2] seq (string)   KEYS[3] rebuild (string)   KEYS[4] layout (string)
-- ARGV[1] token of the rebuild's lock   ARGV[2] the new epoch   ARGV[3] the layout of what was put back
-- Returns 1, or 0 when the lock is another's.
if redis.call('GET', KEYS[3]) ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[2])
redis.call('SET', KEYS[2], '0')
redis.call('SET', KEYS[4], ARGV[3])
redis.call('DEL', KEYS[3])
return 1
