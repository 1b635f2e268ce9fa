-- Ask the holder of a running job to stop it, at once by its bell, at the latest at its next heartbeat.
--
-- KEYS[1..4] see prelude
-- KEYS[5] cancels (zset)   KEYS[6] tokens (hash)   KEYS[7] bell:<worker> (list)   KEYS[8] intents (zset)
-- ARGV[1..5] see prelude
-- ARGV[6] id   ARGV[7] note of this change
-- Returns {epoch, seq, 1 when somebody holds it else 0} or {-1}.
if closed() then return {CLOSED} end
local id, note = take(), take()
redis.call('ZREM', KEYS[8], note)
if redis.call('HEXISTS', KEYS[6], id) == 0 then return {tonumber(epoch), seq, 0} end
redis.call('ZADD', KEYS[5], int(now), id)
redis.call('LPUSH', KEYS[7], 'c' .. id)
redis.call('PEXPIRE', KEYS[7], 60000)
return {tonumber(epoch), seq, 1}
