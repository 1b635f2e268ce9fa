-- Reserve active places of the owner for jobs that are to become active, up to the limit.
--@include gate held
--@args limit:int reserve_ms:int
--@item owner:owner id due_ms:int
--@reply {epoch, seq, {1 (has a place) | 0 for each job, …}} | {-1} closed
-- `limit`: active jobs allowed; `due_ms`: a scheduled job's due time, to hold it back without a place ('' = do not).
if closed() then return {CLOSED} end
local results = {}
while next_item() do
  local owner, id, due = ITEM.owner, ITEM.id, ITEM.due_ms
  local active = OWNER.active[owner]
  redis.call('ZREMRANGEBYSCORE', active, '-inf', int(now))
  local room = redis.call('ZSCORE', active, id) or redis.call('ZCARD', active) < ARGV.limit
  if room then
    redis.call('ZADD', active, 'GT', int(now + ARGV.reserve_ms), id)
  elseif due and tonumber(redis.call('ZSCORE', KEYS.scheduled, id) or -1) == due then
    redis.call('ZADD', KEYS.scheduled, int(HELD + due), id)
    redis.call('ZADD', KEYS.held, 0, held_entry(owner, due, id))
  end
  results[#results + 1] = room and 1 or 0
end
return {tonumber(epoch), seq, results}
