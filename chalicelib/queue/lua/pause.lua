-- Pause or resume a queue, all queues of a tenant, or all queues. Their jobs stay where they are; running jobs continue. The
-- next claim that meets one of their lanes parks it.
--@include events kicks wake
--@args queue pause
--@item owner_id tenant_id event
--@reply {epoch, seq, 1 when this changed it else 0, {pools to invoke}} | {-1} closed
-- `queue`: `tenant/queue`, `tenant/` for all of a tenant, `*/` for all; `pause`: 1 = pause, 0 = resume.
if closed() then return {CLOSED} end
local pause = ARGV.pause == '1'
local changed = redis.call(pause and 'SADD' or 'SREM', KEYS.paused, ARGV.queue)
if not pause then resume(ARGV.queue) end
while changed == 1 and next_item() do append(ITEM.owner_id, ITEM.tenant_id, ITEM.event) end
local pools = wake_all()
local last = finish()
return {last[1], last[2], changed, pools}
