--!include lanes held
-- Give jobs that are to become active a place among their owner's active jobs, while there is room.
--
-- KEYS[1..4] see prelude
-- KEYS[5] scheduled (zset)   KEYS[6] active prefix   KEYS[7] held (zset)
-- ARGV[1..5] see prelude
-- ARGV[6] active jobs allowed   ARGV[7] how long a reservation holds, ms
-- then for each job: id, owner, when it was due in ms to hold back a scheduled one without a place ('' = leave it)
-- Returns {epoch, seq, {1 (has a place) | 0 for each job, …}} or {-1}.
if closed() then return {CLOSED} end
local limit, reserve, results = tonumber(take()), tonumber(take()), {}
while more() do
  local id, owner, due = take(), take(), tonumber(take())
  local active = KEYS[6] .. owner
  redis.call('ZREMRANGEBYSCORE', active, '-inf', int(now))
  local room = redis.call('ZSCORE', active, id) or redis.call('ZCARD', active) < limit
  if room then
    redis.call('ZADD', active, 'GT', int(now + reserve), id)
  elseif due and tonumber(redis.call('ZSCORE', KEYS[5], id) or -1) == due then
    redis.call('ZADD', KEYS[5], int(HELD + due), id)
    redis.call('ZADD', KEYS[7], 0, held_entry(owner, due, id))
  end
  results[#results + 1] = room and 1 or 0
end
return {tonumber(epoch), seq, results}
