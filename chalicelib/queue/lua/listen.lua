-- Announce a worker with free slots, unless there is work already: then it should claim instead of waiting.
--
-- KEYS[1] lanes (zset)   KEYS[2] waiting (zset)
-- ARGV[1] now, ms ('' = the server's clock)   ARGV[2] worker   ARGV[3] for how long, ms
-- Returns 1 when it may wait for its bell, 0 when there is work.
if redis.call('EXISTS', KEYS[1]) == 1 then
  redis.call('ZREM', KEYS[2], ARGV[2])
  return 0
end
local now
if ARGV[1] ~= '' then
  now = tonumber(ARGV[1])
else
  local t = redis.call('TIME')
  now = t[1] * 1000 + math.floor(t[2] / 1000)
end
redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', string.format('%.0f', now))
redis.call('ZADD', KEYS[2], string.format('%.0f', now + tonumber(ARGV[3])), ARGV[2])
return 1
