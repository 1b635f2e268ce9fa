-- Lease jobs whose lease expired under the caller's token, so that one caller recovers each lost job.
--@include gate leases
--@args token lease_ms:int most:int
--@reply {epoch, seq, {id, state that it is counted in (pending | running), …}} | {-1} closed
if closed() then return {CLOSED} end
local taken = {}
for _, id in ipairs(redis.call('ZRANGEBYSCORE', KEYS.leases, '-inf', int(now), 'LIMIT', 0, ARGV.most)) do
  local token, state, lane, place, estimated, since = lease_of(id)
  if token then
    grant(id, int(now + ARGV.lease_ms), ARGV.token, state, place, estimated, lane, since)
    taken[#taken + 1] = id
    taken[#taken + 1] = state
  else
    redis.call('ZREM', KEYS.leases, id)
  end
end
return {tonumber(epoch), seq, taken}
