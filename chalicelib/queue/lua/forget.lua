-- Take deleted jobs out of the counts, each once: who was forgotten is remembered for an hour, far longer than the
-- records of deletions are kept that call this again.
--
-- KEYS[1..4] see prelude
-- KEYS[5] forgotten (zset)
-- ARGV[1..5] see prelude
-- then for each job: id, owner, tenant, state, events (see emit)
-- Returns {epoch, seq, forgotten} or {-1}.
if closed() then return {CLOSED} end
local hour, forgotten = 3600000, 0
redis.call('ZREMRANGEBYSCORE', KEYS[5], '-inf', int(now - hour))
while more() do
  local id, owner, tenant, state = take(), take(), take(), take()
  local first = redis.call('ZADD', KEYS[5], 'NX', int(now), id) == 1
  if first then
    count(owner, tenant, state, -1)
    forgotten = forgotten + 1
  end
  emit(first)
end
redis.call('PEXPIRE', KEYS[5], 2 * hour)
local mark = finish()
return {mark[1], mark[2], forgotten}
