-- End leases: the job ended, waits for its next attempt, or returns to its lane. Only the holder of the lease may.
-- A job that was redriven before this settlement uses up its permit here: it is in the queue already.
--@lazy members lanes caps instances lines parked kicking places held slots listening rates arrivals
--@include ahead counts emit release held use wake rates arrivals
--@keys intents:zset
--@item owner:owner id token state at counter limited permit used:int events:events
--@reply {epoch, seq, {1 | 0 (stale) for each job, …}, held-back jobs that became due, {pools to invoke}} | {-1} closed
-- `state`: completed | dlq | cancelled | retrying | waiting | pending | gone; `at`: due time in ms if retrying or waiting,
-- place if pending;
-- `counter`: to add 1 to ('' = none); `limited`: 1 = counts as active; `permit`: of a job that was redriven, else '';
-- `used`: ms that the attempt had a slot, 0 if it did not begin.
if closed() then return {CLOSED} end
local results, released, ids, ended = {}, 0, {}, {}
each_item(function() ids[#ids + 1] = ITEM.id end)
read_leases(ids)
while next_item() do
  local owner, id, state = ITEM.owner, ITEM.id, ITEM.state
  local token, was, lane, _, estimated, since = lease_of(id)
  local fresh = token == ITEM.token
  if fresh then
    let_go(id, lane)
    ended[#ended + 1] = id
    note_use(lane, ITEM.used, estimated)
    if state ~= 'gone' then
      count(owner, was, -1, lane)
      count(owner, state, 1, lane)
    end
    if ITEM.permit ~= '' and redis.call('ZREM', KEYS.intents, ITEM.permit) == 1 then count(owner, 'failed', 1) end
    if ITEM.counter ~= '' then count(owner, ITEM.counter, 1) end
    if state == 'retrying' then
      redis.call('ZADD', KEYS.retrying, ITEM.at, id)
    elseif state == 'waiting' then
      redis.call('ZADD', KEYS.suspended, ITEM.at, id)
      released = released + free_place(owner, id)
    elseif state == 'pending' then
      if was == CLAIMED and ITEM.used == 0 then give_back(lane, since) end
      put_ready(waiting_lane(lane), id, ITEM.at)
    elseif ITEM.limited == '1' then
      released = released + free_place(owner, id)
    end
  end
  emit(fresh, owner)
  results[#results + 1] = fresh and 1 or 0
end
remove_leases(ended)
write_use(write_counts())
kick_noted()
local last = finish()
return {last[1], last[2], results, released, wake_all()}
