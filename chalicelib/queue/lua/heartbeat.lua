-- Renew a worker and its leases; return the leases that it lost and the jobs to cancel.
--@include gate leases
--@keys cancels:zset workers:zset slots:hash
--@given about_worker:string
--@args worker lease_ms:int about
--@item id token
--@reply {epoch, seq, 1 while the worker holds slots else 0, {lost ids}, {ids to cancel}} | {-1} closed
-- `about`: the state that the worker reports (JSON).
if closed() then return {CLOSED} end
local ends, lost, cancel = int(now + ARGV.lease_ms), {}, {}
while next_item() do
  local id = ITEM.id
  if lease_of(id) == ITEM.token then
    redis.call('ZADD', KEYS.leases, ends, id)
    if redis.call('ZSCORE', KEYS.cancels, id) then cancel[#cancel + 1] = id end
  else
    lost[#lost + 1] = id
  end
end
local member = redis.call('HEXISTS', KEYS.slots, ARGV.worker)
if member == 1 then redis.call('ZADD', KEYS.workers, ends, ARGV.worker) end
redis.call('SET', KEYS.about_worker, ARGV.about, 'PX', ARGV.lease_ms * 4)
return {tonumber(epoch), seq, member, lost, cancel}
