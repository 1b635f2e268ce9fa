--!include lanes held
-- Take jobs that ended out of where they wait. One that is leased is left to its holder, who will find out.
-- One whose record was made, or redriven, and that never came in uses up that licence: it is only counted.
--
-- KEYS[1..4] see prelude
-- KEYS[5] scheduled (zset)   KEYS[6] retrying (zset)   KEYS[7] tokens (hash)    KEYS[8] lanes (zset)
-- KEYS[9] ready prefix       KEYS[10] active prefix    KEYS[11] intents (zset)  KEYS[12] held (zset)
-- ARGV[1..5] see prelude
-- then for each job: id, lane, owner, tenant, state (as a rule cancelled), total to add 1 to ('' = none), note of this
-- change, licence to come in, another note to take back, from ('new' | 'dlq'), events (see emit)
-- Returns {epoch, seq, {1 (withdrawn) | 2 (leased) | 0 (was nowhere) for each job, …}, how many that were held back
-- fell due} or {-1}.
if closed() then return {CLOSED} end
local keys = {scheduled = KEYS[5], retrying = KEYS[6], lanes = KEYS[8], ready = KEYS[9], active = KEYS[10],
  held = KEYS[12]}
local results, released = {}, 0
while more() do
  local id, lane, owner, tenant, state, total = take(), take(), take(), take(), take(), take()
  local note, licence, other, from = take(), take(), take(), take()
  local was
  redis.call('ZREM', KEYS[11], note)
  local leased = redis.call('HEXISTS', KEYS[7], id) == 1
  if not leased then
    was = take_out(keys, lane, owner, id)
    if not was and redis.call('ZREM', KEYS[11], licence, other) > 0 then
      was = from
      if from == 'new' then count(owner, tenant, 'submitted', 1) end
    end
    released = released + vacate(keys, owner, id)
  end
  if was then
    if was ~= 'new' then count(owner, tenant, was, -1, lane) end
    count(owner, tenant, state, 1, lane)
    if total ~= '' then count(owner, tenant, total, 1) end
  end
  emit(was ~= nil, owner, tenant)
  results[#results + 1] = leased and 2 or was and 1 or 0
end
local mark = finish()
return {mark[1], mark[2], results, released}
