-- Pause or resume a lane. Its jobs stay where they are; running jobs continue.
--@include events lanes wake
--@args lane pause fleet:int
--@item owner_id tenant_id event
--@reply {epoch, seq, 1 when this changed it else 0, 1 to invoke a worker else 0} | {-1} closed
-- `pause`: 1 = pause, 0 = resume.
if closed() then return {CLOSED} end
local lane, pause, invoke = ARGV.lane, ARGV.pause == '1', 0
local changed = redis.call(pause and 'SADD' or 'SREM', KEYS.paused, lane)
if pause then
  redis.call('ZREM', KEYS.lanes, lane)
else
  local ready = ready_in(lane)
  if ready > 0 then
    join_rotation(lane)
    invoke = wake(ready, ARGV.fleet)
  end
end
while changed == 1 and next_item() do append(ITEM.owner_id, ITEM.tenant_id, ITEM.event) end
local last = finish()
return {last[1], last[2], changed, invoke}
