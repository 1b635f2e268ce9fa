--!include shard
-- Renew a manager's lease and note how far it has delivered.
--
-- KEYS[1] manager (string)   KEYS[2] next (string)   KEYS[3] conns (zset)   KEYS[4] cursor (string)
-- KEYS[5…] conn:<id> (hash), of connections that lag behind or no longer do
-- ARGV[1] token   ARGV[2] lease, ms   ARGV[3] cursor (event id)   ARGV[4] life of the cursor, ms
-- ARGV[5…] for each of KEYS[5…] its own cursor, '' = the shard's
-- Returns {0} when another holds it, else {1, or 2 when the lease had lapsed; connections; next token or ''}.
local holder = redis.call('GET', KEYS[1])
if holder and holder ~= ARGV[1] then return {0} end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
redis.call('SET', KEYS[4], ARGV[3], 'PX', ARGV[4])
for i = 5, #KEYS do
  if ARGV[i] == '' then
    redis.call('HDEL', KEYS[i], 'cursor')
  elseif redis.call('EXISTS', KEYS[i]) == 1 then
    redis.call('HSET', KEYS[i], 'cursor', ARGV[i])
  end
end
return {holder and 1 or 2, redis.call('ZCARD', KEYS[3]), redis.call('GET', KEYS[2]) or ''}
