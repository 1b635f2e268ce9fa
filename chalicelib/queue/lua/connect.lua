-- Register a connection and notify the manager of its shard, unless its user or tenant has reached the limit.
-- The sets of a user and of a tenant may contain connections that are gone; the caller removes them at the limit.
--@include clock shard unattended client_cursor
--@given connections:zset connection:hash of_user:set of_tenant:set
--@args id silent_ms:int about per_user:int per_tenant:int
--@reply 1 to invoke a manager, 0 not to, -1 when the user has too many, -2 when the tenant has
-- `silent_ms`: expiry without messages; `life_ms`: longest life; `about`: the connection (JSON); `after`: the last
-- event that the client has ('' = the newest); `per_user` and `per_tenant`: connections allowed (0 = no limit).
local function is_full(key, most)
  return most > 0 and redis.call('SISMEMBER', key, ARGV.id) == 0 and redis.call('SCARD', key) >= most
end
if is_full(KEYS.of_user, ARGV.per_user) then return -1 end
if is_full(KEYS.of_tenant, ARGV.per_tenant) then return -2 end
for _, key in ipairs({KEYS.of_user, KEYS.of_tenant}) do
  redis.call('SADD', key, ARGV.id)
  redis.call('PEXPIRE', key, ARGV.life_ms)
end
local cursor, ends = client_cursor(), int(now + tonumber(ARGV.life_ms))
redis.call('HSET', KEYS.connection, 'about', ARGV.about, 'cursor', cursor, 'ends', ends)
redis.call('PEXPIREAT', KEYS.connection, ends)
redis.call('ZADD', KEYS.connections, int(now + ARGV.silent_ms), ARGV.id)
redis.call('PEXPIRE', KEYS.connections, ARGV.life_ms)
note('open ' .. cursor .. ' ' .. ARGV.about)
return unattended()
