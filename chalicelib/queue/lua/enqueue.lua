-- Put jobs into their lanes or waiting sets, publish their events, and return the pools of which to invoke a worker.
-- Uses up each job's enqueue permit, the intent noted before its record was written: a job is enqueued once, however
-- often and late this is called, and whatever happened to the job meanwhile.
-- A redriven job whose end is not settled yet is still leased: its lease ends here, and a later settlement is stale.
-- A job that waits for the ends of others is put among the blocked ones, and taken from there when it is enqueued.
-- A running job without a lease gets an expired one, so the next sweep recovers it.
--@lazy caps instances lines parked kicking leases release
--@include ahead counts emit arrivals release wake
--@keys intents:zset blocked:set scheduled:zset retrying:zset suspended:zset
--@owner active:zset
--@item owner:owner id lane state at permit other noted_ms:int origin limited events:events
--@reply {epoch, seq, {pools to invoke}, {1 (enqueued) | 0 (had no permit) for each job, …}} | {-1} closed
-- `state`: blocked | pending | scheduled | retrying | waiting | running; `at`: due time in ms if it waits, else its place; `other`: another
-- permit to remove with it; `noted_ms`: when the permit must have been noted ('' = any time); `origin`:
-- new | dlq | blocked (it waited for the ends of others, or is about to); `limited`: 1 = counts as active.
if closed() then return {CLOSED} end
local late, results, spent, permits, noted_at = false, {}, {}, {}, {}
each_item(function() permits[#permits + 1] = ITEM.permit end)
for n, at in ipairs(redis.call('ZMSCORE', KEYS.intents, unpack(permits))) do noted_at[permits[n]] = tonumber(at or '') end
while next_item() do
  local owner, id, lane, state, permit = ITEM.owner, ITEM.id, ITEM.lane, ITEM.state, ITEM.permit
  local noted, must_be = noted_at[permit], ITEM.noted_ms
  local fresh = noted and (not must_be or noted == must_be)
  if fresh then
    noted_at[permit] = nil
    spent[#spent + 1] = permit
    spent[#spent + 1] = ITEM.other
    local token, counted_as, held_in, unblocked
    if ITEM.origin == 'dlq' then token, counted_as, held_in = lease_of(id) end
    if token then
      release(id, held_in)
      count(owner, counted_as, -1, lane)
      count(owner, 'failed', 1)
    elseif ITEM.origin == 'dlq' then
      count(owner, 'dlq', -1)
    elseif ITEM.origin == 'blocked' and redis.call('SREM', KEYS.blocked, id) == 1 then
      count(owner, 'blocked', -1, lane)
      unblocked = true
    end
    if state == 'blocked' then
      redis.call('SADD', KEYS.blocked, id)
    elseif state == 'scheduled' then
      redis.call('ZADD', KEYS.scheduled, ITEM.at, id)
    elseif state == 'retrying' then
      redis.call('ZADD', KEYS.retrying, ITEM.at, id)
    elseif state == 'waiting' then
      redis.call('ZADD', KEYS.suspended, ITEM.at, id)
    elseif state == 'running' then
      local leased = leased_lane(lane)
      grant(id, int(now), '-', RUNNING, ITEM.at, 0, leased)
      hold_instances({id, leased})
      late = true
    elseif put_ready_later(lane, id, ITEM.at) then
      note_ready(lane)
    end
    if ITEM.limited == '1' then redis.call('ZADD', OWNER.active[owner], '+inf', id) end
    count(owner, state, 1, lane)
    if ITEM.origin ~= 'dlq' and not unblocked then count(owner, 'submitted', 1) end
  end
  emit(fresh, owner)
  results[#results + 1] = fresh and 1 or 0
end
if #spent > 0 then redis.call('ZREM', KEYS.intents, unpack(spent)) end
write_ready()
kick_noted()
local pools = wake_all()
if late and #pools == 0 then invoke('default') end
write_counts()
local last = finish()
return {last[1], last[2], pools, results}
