--!include shard
-- Register a connection and tell the manager of its shard.
--
-- KEYS[1] conns (zset)   KEYS[2] conn:<id> (hash)   KEYS[3] inbox (list)   KEYS[4] manager (string)
-- KEYS[5] ringing (string)   KEYS[6] epoch (string)   KEYS[7] seq (string)
-- ARGV[1] now, ms ('' = the server's clock)   ARGV[2] connection   ARGV[3] life when silent, ms
-- ARGV[4] life at most, ms   ARGV[5] bell's channel   ARGV[6] ringing, ms   ARGV[7] about it (JSON)
-- ARGV[8] last event that the client has ('' = the newest)
-- Returns 1 when a manager should be invoked, else 0.
local now = clock(ARGV[1])
local cursor = standing(ARGV[8], redis.call('GET', KEYS[6]), redis.call('GET', KEYS[7]))
local ends = int(now + tonumber(ARGV[4]))
redis.call('HSET', KEYS[2], 'about', ARGV[7], 'cursor', cursor, 'ends', ends)
redis.call('PEXPIREAT', KEYS[2], ends)
redis.call('ZADD', KEYS[1], int(now + tonumber(ARGV[3])), ARGV[2])
redis.call('PEXPIRE', KEYS[1], ARGV[4])
note(KEYS[3], 'open ' .. cursor .. ' ' .. ARGV[7], ARGV[5], ARGV[4])
return unattended(KEYS[4], KEYS[5], ARGV[6])
