--!include shard
-- Forget a connection and tell the manager of its shard.
--
-- KEYS[1] conns (zset)   KEYS[2] conn:<id> (hash)   KEYS[3] inbox (list)
-- ARGV[1] connection   ARGV[2] life of the inbox, ms   ARGV[3] bell's channel
-- Returns 1, or 0 when there was no such connection.
redis.call('ZREM', KEYS[1], ARGV[1])
if redis.call('DEL', KEYS[2]) == 0 then return 0 end
note(KEYS[3], 'close 0-0 ' .. ARGV[1], ARGV[3], ARGV[2])
return 1
