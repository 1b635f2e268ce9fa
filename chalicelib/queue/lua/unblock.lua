-- Move jobs that need not wait for other jobs any more into their lanes or the scheduled set. The record was changed before.
-- A job that was inserted and never enqueued uses up its permit here.
--@include counts emit arrivals held wake
--@keys intents:zset
--@item owner:owner id lane state at permit other note limited events:events
--@reply {epoch, seq, {pools to invoke}, {1 (moved) | 0 (was not blocked) for each job, …}} | {-1} closed
-- `state`: pending | scheduled; `at`: due time in ms if scheduled, else its place; `permit`: to enqueue it; `other`:
-- another permit to remove; `note`: the intent of this change; `limited`: 1 = counts as active.
if closed() then return {CLOSED} end
local results = {}
while next_item() do
  local owner, id, lane, state = ITEM.owner, ITEM.id, ITEM.lane, ITEM.state
  local was_here = redis.call('SREM', KEYS.blocked, id) == 1
  local permitted = redis.call('ZREM', KEYS.intents, ITEM.permit, ITEM.other) > 0
  redis.call('ZREM', KEYS.intents, ITEM.note)
  local moves = was_here or permitted
  if moves then
    count(owner, was_here and 'blocked' or 'submitted', was_here and -1 or 1, lane)
    if state == 'scheduled' then
      redis.call('ZADD', KEYS.scheduled, ITEM.at, id)
    elseif put_ready(lane, id, ITEM.at) then
      note_ready(lane)
    end
    if ITEM.limited == '1' then redis.call('ZADD', OWNER.active[owner], '+inf', id) end
    count(owner, state, 1, lane)
  end
  emit(moves, owner)
  results[#results + 1] = moves and 1 or 0
end
local pools = wake_all()
write_counts()
local last = finish()
return {last[1], last[2], pools, results}
