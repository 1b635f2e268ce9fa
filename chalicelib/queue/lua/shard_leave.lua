--!include shard
-- Retire from a shard, unless somebody is connected or has left a note.
--
-- KEYS[1] manager (string)   KEYS[2] conns (zset)   KEYS[3] inbox (list)
-- ARGV[1] now, ms ('' = the server's clock)   ARGV[2] token
-- Returns 1 when it is left, 0 when there is somebody. A connect after it rings anew.
if redis.call('GET', KEYS[1]) ~= ARGV[2] then return 1 end
redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', int(clock(ARGV[1])))
if redis.call('ZCARD', KEYS[2]) > 0 or redis.call('LLEN', KEYS[3]) > 0 then return 0 end
redis.call('DEL', KEYS[1])
return 1
