--!include shard
-- Take a shard over, if it is free and somebody is connected.
--
-- KEYS[1] manager (string)   KEYS[2] next (string)   KEYS[3] conns (zset)   KEYS[4] ringing (string)
-- ARGV[1] now, ms ('' = the server's clock)   ARGV[2] token   ARGV[3] lease, ms
-- ARGV[4] 1 = wait for its holder to pass it over   ARGV[5] bell's channel
-- Returns 1 taken, 0 held by another, -1 nobody is connected.
local holder = redis.call('GET', KEYS[1])
if holder and holder ~= ARGV[2] then
  if ARGV[4] == '1' and redis.call('SET', KEYS[2], ARGV[2], 'PX', 3000, 'GET') ~= ARGV[2] then
    redis.call('PUBLISH', ARGV[5], '1')
  end
  return 0
end
redis.call('ZREMRANGEBYSCORE', KEYS[3], '-inf', int(clock(ARGV[1])))
if not holder and redis.call('ZCARD', KEYS[3]) == 0 then return -1 end
redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
redis.call('DEL', KEYS[4])
return 1
