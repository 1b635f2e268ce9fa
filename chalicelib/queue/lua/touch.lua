-- Extend the life of a connection that sent a message.
--@include clock shard unattended
--@given connections:zset connection:hash
--@args id silent_ms:int
--@reply {} for an unknown connection, else {1 to invoke a manager else 0, the connection (JSON)}
-- `silent_ms`: expiry without messages.
local found = redis.call('HMGET', KEYS.connection, 'about', 'cursor')
if not found[1] then return {} end
local added = redis.call('ZADD', KEYS.connections, int(now + ARGV.silent_ms), ARGV.id)
redis.call('PEXPIRE', KEYS.connections, ARGV.life_ms)
if added == 1 then -- it had expired
  note('open ' .. (found[2] or '0-0') .. ' ' .. found[1])
end
return {unattended(), found[1]}
