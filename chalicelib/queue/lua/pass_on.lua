-- Move leased jobs that have not begun into other lanes: of the pool to which their tasks moved, or in which jobs of paused
-- tasks wait. The leases end.
--@include counts gate arrivals release use wake rates
--@item owner:owner id token lane place
--@reply {epoch, seq, {1 | 0 (stale) for each job, …}, {pools to invoke}} | {-1} closed
if closed() then return {CLOSED} end
local results = {}
while next_item() do
  local owner, id, lane = ITEM.owner, ITEM.id, ITEM.lane
  local token, was, before, _, estimated, since = lease_of(id)
  local fresh = token == ITEM.token
  if fresh then
    release(id, before)
    if parts(before).resumed then lane = resumed_lane(lane) end
    note_use(before, 0, estimated)
    give_back(before, since)
    count(owner, was, -1, before)
    count(owner, 'pending', 1, lane)
    if put_ready(lane, id, ITEM.place) then note_ready(lane) end
  end
  results[#results + 1] = fresh and 1 or 0
end
write_use(write_counts())
kick_noted()
return {tonumber(epoch), seq, results, wake_all()}
