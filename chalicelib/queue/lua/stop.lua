-- Ask the holder of a running job to stop it, at once by its bell, at the latest at its next heartbeat.
--@include gate leases
--@keys intents:zset
--@given bell:list
--@args id note
--@reply {epoch, seq, 1 when somebody holds it else 0} | {-1} closed
-- `note`: of this change.
if closed() then return {CLOSED} end
redis.call('ZREM', KEYS.intents, ARGV.note)
if not lease_of(ARGV.id) then return {tonumber(epoch), seq, 0} end
redis.call('ZADD', KEYS.cancels, int(now), ARGV.id)
redis.call('LPUSH', KEYS.bell, 'c' .. ARGV.id)
redis.call('PEXPIRE', KEYS.bell, 60000)
return {tonumber(epoch), seq, 1}
