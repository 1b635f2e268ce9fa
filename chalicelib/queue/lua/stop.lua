-- Ask the holder of a running job to cancel it: at once by a message, at the latest at its next heartbeat.
--@include gate leases
--@keys intents:zset cancels:zset
--@args wake_prefix worker id note
--@reply {epoch, seq, 1 when the job is leased else 0} | {-1} closed
-- `note`: the intent of this change.
if closed() then return {CLOSED} end
redis.call('ZREM', KEYS.intents, ARGV.note)
if not lease_of(ARGV.id) then return {tonumber(epoch), seq, 0} end
redis.call('ZADD', KEYS.cancels, int(now), ARGV.id)
redis.call('PUBLISH', ARGV.wake_prefix .. ARGV.worker, 'c' .. ARGV.id)
return {tonumber(epoch), seq, 1}
