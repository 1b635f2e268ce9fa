-- Remove jobs that ended in MongoDB from where they wait. A leased job is left to its holder, whose write then fails.
-- A job that was inserted or redriven but never enqueued uses up its permit: it is only counted.
--@include counts emit leases held costs
--@keys intents:zset
--@item owner:owner id lane place state total note permit other origin begun events:events
--@reply {epoch, seq, {1 (withdrawn) | 2 (leased) | 0 (was nowhere) for each job, …}, jobs due} | {-1} closed
-- `state`: usually cancelled; `total`: to add 1 to ('' = none); `note`: the intent of this change; `permit`: to enqueue
-- it; `other`: another permit to remove; `origin`: new | dlq; `begun`: 1 when a worker began it, so it was enqueued and
-- a permit is that of a search for missing jobs. Jobs due: held-back ones that became due.
if closed() then return {CLOSED} end
local results, released = {}, 0
while next_item() do
  local owner, id, lane, origin, was = ITEM.owner, ITEM.id, ITEM.lane, ITEM.origin, nil
  redis.call('ZREM', KEYS.intents, ITEM.note)
  local leased = lease_of(id) ~= nil
  if not leased then
    was = remove_waiting(owner, id, ITEM.place)
    if not was and redis.call('ZREM', KEYS.intents, ITEM.permit, ITEM.other) > 0 and ITEM.begun ~= '1' then
      was = origin
      if origin == 'new' then count(owner, 'submitted', 1) end
    end
    released = released + free_place(owner, id)
  end
  if was then
    if was ~= 'new' then count(owner, was, -1, lane) end
    count(owner, ITEM.state, 1, lane)
    if ITEM.total ~= '' then count(owner, ITEM.total, 1) end
  end
  emit(was ~= nil, owner)
  results[#results + 1] = leased and 2 or was and 1 or 0
end
forget_averages(write_counts())
local last = finish()
return {last[1], last[2], results, released}
