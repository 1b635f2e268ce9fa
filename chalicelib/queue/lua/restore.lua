-- Put open jobs back from their records while the queue is closed; what is there already stays.
--@include counts leases held
--@keys rebuild:string
--@args rebuild_token
--@item owner:owner id lane state place at_ms token limited stop
--@reply how many were put back, -1 when the lock is another's
-- `at_ms`: due, or end of lease; `limited`: 1 = counts as active; `stop`: 1 when a running job is to stop.
if redis.call('GET', KEYS.rebuild) ~= ARGV.rebuild_token then return -1 end
local restored = 0
while next_item() do
  local owner, id, lane, state = ITEM.owner, ITEM.id, ITEM.lane, ITEM.state
  if not (lease_of(id) or is_waiting(id, ITEM.place)) then
    if state == 'pending' then
      put_ready(lane, id, ITEM.place)
    elseif state == 'running' then
      grant(id, ITEM.at_ms, ITEM.token, RUNNING, ITEM.place, lane)
      if ITEM.stop == '1' then redis.call('ZADD', KEYS.cancels, ITEM.at_ms, id) end
    else
      redis.call('ZADD', state == 'scheduled' and KEYS.scheduled or KEYS.retrying, ITEM.at_ms, id)
    end
    if ITEM.limited == '1' and state ~= 'scheduled' then redis.call('ZADD', OWNER.active[owner], '+inf', id) end
    count(owner, state, 1, lane)
    restored = restored + 1
  end
end
write_counts()
return restored
