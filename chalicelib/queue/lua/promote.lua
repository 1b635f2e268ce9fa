-- Move jobs from the scheduled, retrying or suspended set into their lanes: their wait is over. The due time identifies the wait: a late call does
-- not end the next wait early. A job that was suspended goes on: it has taken what it needs from rates.
--@include counts emit arrivals held wake
--@item owner:owner id lane due_ms:int place limited events:events
--@reply {epoch, seq, {pools to invoke}, jobs moved} | {-1} closed
-- `limited`: 1 = counts as active.
if closed() then return {CLOSED} end
local moved = 0
while next_item() do
  local owner, id, lane, due, from = ITEM.owner, ITEM.id, ITEM.lane, ITEM.due_ms, nil
  if tonumber(redis.call('ZSCORE', KEYS.retrying, id) or -1) == due then
    redis.call('ZREM', KEYS.retrying, id)
    from = 'retrying'
  elseif tonumber(redis.call('ZSCORE', KEYS.suspended, id) or -1) == due then
    redis.call('ZREM', KEYS.suspended, id)
    from, lane = 'waiting', resumed_lane(lane)
  elseif tonumber(redis.call('ZSCORE', KEYS.scheduled, id) or -1) % HELD == due then
    unschedule(owner, id)
    from = 'scheduled'
  end
  if from then
    if put_ready(lane, id, ITEM.place) then note_ready(lane) end
    if ITEM.limited == '1' then redis.call('ZADD', OWNER.active[owner], '+inf', id) end
    count(owner, from, -1, lane)
    count(owner, 'pending', 1, lane)
    moved = moved + 1
  end
  emit(from ~= nil, owner)
end
local pools = wake_all()
write_counts()
local last = finish()
return {last[1], last[2], pools, moved}
