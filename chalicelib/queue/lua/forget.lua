--!include lanes held
-- Take deleted jobs out of the counts, each once: who was forgotten is remembered for an hour, far longer than the
-- records of deletions are kept that call this again. A job whose end was never told, or that never came in, is
-- taken from where it is, and its end counted with it.
--
-- KEYS[1..4] see prelude
-- KEYS[5] scheduled (zset)   KEYS[6] retrying (zset)   KEYS[7] tokens (hash)    KEYS[8] lanes (zset)
-- KEYS[9] ready prefix       KEYS[10] active prefix    KEYS[11] intents (zset)  KEYS[12] leases (zset)
-- KEYS[13] cancels (zset)    KEYS[14] forgotten (zset)  KEYS[15] held (zset)
-- ARGV[1..5] see prelude
-- then for each job: id, lane, owner, tenant, state, total of its end ('' = none), licence to come in, another note
-- to take back, from ('new' | 'dlq'), events (see emit)
-- Returns {epoch, seq, forgotten, how many that were held back fell due} or {-1}.
if closed() then return {CLOSED} end
local keys = {scheduled = KEYS[5], retrying = KEYS[6], lanes = KEYS[8], ready = KEYS[9], active = KEYS[10],
  held = KEYS[15]}
local hour, forgotten, released = 3600000, 0, 0
redis.call('ZREMRANGEBYSCORE', KEYS[14], '-inf', int(now - hour))
while more() do
  local id, lane, owner, tenant, state, total = take(), take(), take(), take(), take(), take()
  local licence, other, from = take(), take(), take()
  local first = redis.call('ZADD', KEYS[14], 'NX', int(now), id) == 1
  if first then
    local held = redis.call('HGET', KEYS[7], id)
    local was = take_out(keys, lane, owner, id)
    if held then
      was = held:match('^[^|]*|(%a)') == 'r' and 'running' or 'pending'
      redis.call('HDEL', KEYS[7], id)
      redis.call('ZREM', KEYS[12], id)
      redis.call('ZREM', KEYS[13], id)
    end
    local unborn = redis.call('ZREM', KEYS[11], licence, other) > 0 and not was
    released = released + vacate(keys, owner, id)
    if (was or unborn) and total ~= '' then count(owner, tenant, total, 1) end
    if unborn and from == 'new' then
      count(owner, tenant, 'submitted', 1)
    else
      count(owner, tenant, was or unborn and from or state, -1, lane)
    end
    forgotten = forgotten + 1
  end
  emit(first, owner, tenant)
end
redis.call('PEXPIRE', KEYS[14], 2 * hour)
local mark = finish()
return {mark[1], mark[2], forgotten, released}
