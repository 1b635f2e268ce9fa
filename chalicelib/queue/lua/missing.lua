-- Find the jobs that are neither ready nor waiting nor leased, and note an enqueue permit for each. Any other enqueue
-- of the job removes that permit: a caller that reads the record after this and finds it open may enqueue it.
--@include gate leases places
--@keys intents:zset blocked:set
--@item id place blocked:int note
--@reply {epoch, seq, when the permits were noted in ms, {1 (missing) | 0 for each job, …}} | {-1} closed
-- `blocked`: 1 if it waits for the ends of other jobs. One that is still among those here, but does not, is missing.
if closed() then return {CLOSED} end
local results = {}
while next_item() do
  local known = lease_of(ITEM.id) or is_waiting(ITEM.id, ITEM.place)
    or (ITEM.blocked == 1 and redis.call('SISMEMBER', KEYS.blocked, ITEM.id) == 1)
  if not known then redis.call('ZADD', KEYS.intents, int(now), ITEM.note) end
  results[#results + 1] = known and 0 or 1
end
return {tonumber(epoch), seq, now, results}
