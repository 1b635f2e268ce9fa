-- Return whether jobs wait that no worker serves, at most once a second.
--@include gate wake
--@keys lanes:zset leases:zset scheduled:zset retrying:zset
--@args fleet:int
--@reply {epoch, seq, 1 to invoke a worker else 0} | {-1} closed
if closed() then return {CLOSED} end
local held, late = slots_held(), false
for _, key in ipairs({KEYS.leases, KEYS.scheduled, KEYS.retrying}) do
  late = late or redis.call('ZRANGEBYSCORE', key, '-inf', int(now), 'LIMIT', 0, 1)[1] ~= nil
end
local idle = redis.call('EXISTS', KEYS.lanes) == 1 and held < ARGV.fleet
local invoke = (idle or (late and held == 0)) and may_invoke()
return {tonumber(epoch), seq, invoke and 1 or 0}
