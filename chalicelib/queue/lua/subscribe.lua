--!include shard
-- Ask the manager to go on from an event, and to change whose events a connection gets.
--
-- KEYS[1] conn:<id> (hash)   KEYS[2] inbox (list)   KEYS[3] manager (string)   KEYS[4] ringing (string)
-- KEYS[5] epoch (string)   KEYS[6] seq (string)
-- ARGV[1] about the connection (JSON)   ARGV[2] last event that the client has ('' = the newest)
-- ARGV[3] life of the inbox, ms   ARGV[4] bell's channel   ARGV[5] ringing, ms   ARGV[6] request (JSON)
-- Returns 1 when a manager should be invoked, 0 when not, -1 when there is no such connection.
if redis.call('EXISTS', KEYS[1]) == 0 then return -1 end
local cursor = standing(ARGV[2], redis.call('GET', KEYS[5]), redis.call('GET', KEYS[6]))
redis.call('HSET', KEYS[1], 'about', ARGV[1], 'cursor', cursor)
note(KEYS[2], 'subscribe ' .. cursor .. ' ' .. ARGV[6], ARGV[4], ARGV[3])
return unattended(KEYS[3], KEYS[4], ARGV[5])
