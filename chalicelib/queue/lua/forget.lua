-- Remove deleted jobs from the counts, each once: their ids are kept for an hour, far longer than the tombstones that
-- call this again. A job whose end was never settled, or that was never enqueued, is removed from where it is, and its
-- end is counted.
--@include counts emit release held wake
--@keys intents:zset forgotten:zset
--@item owner:owner id lane place state total permit other origin begun events:events
--@reply {epoch, seq, jobs forgotten, held-back jobs that became due, {pools to invoke}} | {-1} closed
-- `total`: of its end ('' = none); `permit`: to enqueue it; `other`: another permit to remove; `origin`: new | dlq.
-- `begun`: as in withdraw.
if closed() then return {CLOSED} end
local hour, forgotten, released = 3600000, 0, 0
redis.call('ZREMRANGEBYSCORE', KEYS.forgotten, '-inf', int(now - hour))
while next_item() do
  local owner, id, lane, origin = ITEM.owner, ITEM.id, ITEM.lane, ITEM.origin
  local first = redis.call('ZADD', KEYS.forgotten, 'NX', int(now), id) == 1
  if first then
    local token, counted_as, held_in = lease_of(id)
    local was = remove_waiting(owner, id, ITEM.place)
    if token then
      was = counted_as
      release(id, held_in)
    end
    local unqueued = redis.call('ZREM', KEYS.intents, ITEM.permit, ITEM.other) > 0 and not was and ITEM.begun ~= '1'
    released = released + free_place(owner, id)
    if (was or unqueued) and ITEM.total ~= '' then count(owner, ITEM.total, 1) end
    if unqueued and origin == 'new' then
      count(owner, 'submitted', 1)
    else
      count(owner, was or unqueued and origin or ITEM.state, -1, lane)
    end
    forgotten = forgotten + 1
  end
  emit(first, owner)
end
redis.call('PEXPIRE', KEYS.forgotten, 2 * hour)
forget_averages(write_counts())
kick_noted()
local last = finish()
return {last[1], last[2], forgotten, released, wake_all()}
