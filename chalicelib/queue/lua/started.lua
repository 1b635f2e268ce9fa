-- Count leased jobs as running and publish it, once. Only the holder of the lease may.
--@include ahead counts emit leases
--@item owner:owner id token events:events
--@reply {epoch, seq, {1 | 0 (stale) for each job, …}} | {-1} closed
if closed() then return {CLOSED} end
local results, ids = {}, {}
each_item(function() ids[#ids + 1] = ITEM.id end)
read_leases(ids)
while next_item() do
  local owner, id = ITEM.owner, ITEM.id
  local token, state, lane, place, estimated = lease_of(id)
  local fresh = token == ITEM.token and state == CLAIMED
  if fresh then
    hold_later(id, token, RUNNING, place, estimated, lane)
    count(owner, CLAIMED, -1, lane)
    count(owner, RUNNING, 1, lane)
  end
  emit(fresh, owner)
  results[#results + 1] = fresh and 1 or 0
end
write_leases()
write_counts()
local last = finish()
return {last[1], last[2], results}
