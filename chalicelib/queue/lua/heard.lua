--!include shard
-- A client said something: its connection lives on.
--
-- KEYS[1] conns (zset)   KEYS[2] conn:<id> (hash)   KEYS[3] inbox (list)   KEYS[4] manager (string)
-- KEYS[5] ringing (string)
-- ARGV[1] now, ms ('' = the server's clock)   ARGV[2] connection   ARGV[3] life when silent, ms
-- ARGV[4] life at most, ms   ARGV[5] bell's channel   ARGV[6] ringing, ms
-- Returns {} for an unknown connection, else {1 when a manager should be invoked, about it (JSON)}.
local found = redis.call('HMGET', KEYS[2], 'about', 'cursor')
if not found[1] then return {} end
local added = redis.call('ZADD', KEYS[1], int(clock(ARGV[1]) + tonumber(ARGV[3])), ARGV[2])
redis.call('PEXPIRE', KEYS[1], ARGV[4])
if added == 1 then -- it had been given up
  note(KEYS[3], 'open ' .. (found[2] or '0-0') .. ' ' .. found[1], ARGV[5], ARGV[4])
end
return {unattended(KEYS[4], KEYS[5], ARGV[6]), found[1]}
