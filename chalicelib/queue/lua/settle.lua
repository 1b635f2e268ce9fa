--!include lanes held
-- End leases: the job ended, waits for its next attempt, or goes back to its place. Only the holder may.
-- A job that was redriven before its end was told uses up its licence here: it is in the queue already.
--
-- KEYS[1..4] see prelude
-- KEYS[5] leases (zset)    KEYS[6] tokens (hash)   KEYS[7] cancels (zset)   KEYS[8] retrying (zset)
-- KEYS[9] active prefix    KEYS[10] lanes (zset)   KEYS[11] turn (string)   KEYS[12] paused (set)
-- KEYS[13] ready prefix    KEYS[14] intents (zset)  KEYS[15] scheduled (zset) KEYS[16] held (zset)
-- ARGV[1..5] see prelude
-- then for each job: id, token, owner, tenant, state (completed | dlq | cancelled | retrying | pending | gone),
-- score or due ms, counter to add 1 to ('' = none), limited (1 = counts as active), licence of a job that was redriven
-- else '', events (see emit)
-- Returns {epoch, seq, {1 | 0 (stale) for each job, …}, how many that were held back fell due} or {-1}.
if closed() then return {CLOSED} end
local keys = {lanes = KEYS[10], turn = KEYS[11], paused = KEYS[12], ready = KEYS[13], active = KEYS[9],
  scheduled = KEYS[15], held = KEYS[16]}
local asked = redis.call('EXISTS', KEYS[7]) == 1
local results, released = {}, 0
while more() do
  local id, token, owner, tenant, state, at, counter, limited, licence =
    take(), take(), take(), take(), take(), take(), take(), take(), take()
  local held = redis.call('HGET', KEYS[6], id)
  local fresh = held and held:sub(1, #token + 1) == token .. '|'
  if fresh then
    local was, lane = held:match('^[^|]*|(%a)|[^|]*|(.*)$')
    redis.call('ZREM', KEYS[5], id)
    redis.call('HDEL', KEYS[6], id)
    if asked then redis.call('ZREM', KEYS[7], id) end
    if state ~= 'gone' then
      count(owner, tenant, was == 'r' and 'running' or 'pending', -1, lane)
      count(owner, tenant, state, 1, lane)
    end
    if licence ~= '' and redis.call('ZREM', KEYS[14], licence) == 1 then count(owner, tenant, 'failed', 1) end
    if counter ~= '' then count(owner, tenant, counter, 1) end
    if state == 'retrying' then
      redis.call('ZADD', KEYS[8], at, id)
    elseif state == 'pending' then
      place(keys, lane, id, at)
    elseif limited == '1' then
      released = released + vacate(keys, owner, id)
    end
  end
  emit(fresh, owner, tenant)
  results[#results + 1] = fresh and 1 or 0
end
local mark = finish()
return {mark[1], mark[2], results, released}
