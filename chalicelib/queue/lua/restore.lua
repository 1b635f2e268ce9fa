-- Restore open jobs from their records while the queue is closed; jobs that are there already stay.
--@include counts arrivals leases instances held
--@keys rebuild:string cancels:zset
--@args rebuild_token
--@item owner:owner id lane state place at_ms token limited stop
--@reply jobs restored, -1 when another process has the lock
-- `at_ms`: due time, or end of lease; `limited`: 1 = counts as active; `stop`: 1 to cancel a running job.
if redis.call('GET', KEYS.rebuild) ~= ARGV.rebuild_token then return -1 end
local restored = 0
while next_item() do
  local owner, id, lane, state = ITEM.owner, ITEM.id, ITEM.lane, ITEM.state
  if not (lease_of(id) or is_waiting(id, ITEM.place) or redis.call('SISMEMBER', KEYS.blocked, id) == 1) then
    if state == 'blocked' then
      redis.call('SADD', KEYS.blocked, id)
    elseif state == 'pending' then
      put_ready(lane, id, ITEM.place)
    elseif state == 'running' then
      local leased = leased_lane(lane)
      grant(id, ITEM.at_ms, ITEM.token, RUNNING, ITEM.place, 0, leased)
      hold_instances({id, leased})
      if ITEM.stop == '1' then redis.call('ZADD', KEYS.cancels, ITEM.at_ms, id) end
    elseif state == 'waiting' then
      redis.call('ZADD', KEYS.suspended, ITEM.at_ms, id)
    else
      redis.call('ZADD', state == 'scheduled' and KEYS.scheduled or KEYS.retrying, ITEM.at_ms, id)
    end
    if ITEM.limited == '1' and state ~= 'scheduled' and state ~= 'blocked' and state ~= 'waiting' then redis.call('ZADD', OWNER.active[owner], '+inf', id) end
    count(owner, state, 1, lane)
    restored = restored + 1
  end
end
write_counts()
return restored
