--!include shard
-- Register a connection and tell the manager of its shard, unless its user or tenant has as many as allowed.
-- Who has which is kept apart, and those that have gone are only looked for when there seem to be too many.
--
-- KEYS[1] conns (zset)   KEYS[2] conn:<id> (hash)   KEYS[3] inbox (list)   KEYS[4] manager (string)
-- KEYS[5] ringing (string)   KEYS[6] epoch (string)   KEYS[7] seq (string)   KEYS[8] conn prefix
-- KEYS[9…] conns-of:<user> and conns-of:<tenant> (set)
-- ARGV[1] now, ms ('' = the server's clock)   ARGV[2] connection   ARGV[3] life when silent, ms
-- ARGV[4] life at most, ms   ARGV[5] bell's channel   ARGV[6] ringing, ms   ARGV[7] about it (JSON)
-- ARGV[8] last event that the client has ('' = the newest)
-- ARGV[9…] connections allowed, for each of KEYS[9…] (0 = no limit)
-- Returns 1 when a manager should be invoked, 0 when not, -1 when there are too many.
local function full(key, most)
  if most == 0 or redis.call('SISMEMBER', key, ARGV[2]) == 1 or redis.call('SCARD', key) < most then return false end
  for _, other in ipairs(redis.call('SMEMBERS', key)) do
    if redis.call('EXISTS', KEYS[8] .. other) == 0 then redis.call('SREM', key, other) end
  end
  return redis.call('SCARD', key) >= most
end
for n = 9, #KEYS do
  if full(KEYS[n], tonumber(ARGV[n])) then return -1 end
end
for n = 9, #KEYS do
  redis.call('SADD', KEYS[n], ARGV[2])
  redis.call('PEXPIRE', KEYS[n], ARGV[4])
end
local now = clock(ARGV[1])
local cursor = standing(ARGV[8], redis.call('GET', KEYS[6]), redis.call('GET', KEYS[7]))
local ends = int(now + tonumber(ARGV[4]))
redis.call('HSET', KEYS[2], 'about', ARGV[7], 'cursor', cursor, 'ends', ends)
redis.call('PEXPIREAT', KEYS[2], ends)
redis.call('ZADD', KEYS[1], int(now + tonumber(ARGV[3])), ARGV[2])
redis.call('PEXPIRE', KEYS[1], ARGV[4])
note(KEYS[3], 'open ' .. cursor .. ' ' .. ARGV[7], ARGV[5], ARGV[4])
return unattended(KEYS[4], KEYS[5], ARGV[6])
