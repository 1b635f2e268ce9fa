-- Find ended jobs that the queue still has: their end was recorded and not settled.
--@include gate leases places
--@keys blocked:set
--@item id place
--@reply {epoch, seq, {1 (ready, waiting or leased) | 0 for each job, …}} | {-1} closed
if closed() then return {CLOSED} end
local results = {}
while next_item() do
  local there = lease_of(ITEM.id) or is_waiting(ITEM.id, ITEM.place)
    or redis.call('SISMEMBER', KEYS.blocked, ITEM.id) == 1
  results[#results + 1] = there and 1 or 0
end
return {tonumber(epoch), seq, results}
