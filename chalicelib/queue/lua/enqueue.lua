--!include lanes
-- Put jobs into their lanes, or among the scheduled; tell everyone; say whether to invoke a worker.
-- A job that is queued, waiting or leased already is left as it is: a replay changes nothing.
--
-- KEYS[1..4] see prelude
-- KEYS[5] lanes (zset)      KEYS[6] turn (string)    KEYS[7] paused (set)      KEYS[8] ready prefix
-- KEYS[9] scheduled (zset)  KEYS[10] retrying (zset) KEYS[11] tokens (hash)    KEYS[12] intents (zset)
-- KEYS[13] active prefix    KEYS[14] workers (zset)  KEYS[15] slots (hash)     KEYS[16] waiting (zset)
-- KEYS[17] bell prefix      KEYS[18] ringing (string)  KEYS[19] leases (zset)
-- ARGV[1..5] see prelude
-- ARGV[6] fleet slots
-- then for each job: id, lane, owner, tenant, state (pending | scheduled | retrying | running), score or due ms,
-- came from ('new' | 'dlq' | 'lost'), limited (1 = counts as active), events (see emit)
-- A running job that nobody holds gets a lease that has run out, so that it is recovered next.
-- Returns {added, ring, epoch, seq} or {-1}.
if closed() then return {CLOSED} end
local keys = {lanes = KEYS[5], turn = KEYS[6], paused = KEYS[7], ready = KEYS[8], workers = KEYS[14],
  slots = KEYS[15], waiting = KEYS[16], bell = KEYS[17], ringing = KEYS[18]}
local fleet, added, ready = tonumber(take()), 0, 0
while more() do
  local id, lane, owner, tenant, state, at, from, limited =
    take(), take(), take(), take(), take(), take(), take(), take()
  local known = redis.call('HEXISTS', KEYS[11], id) == 1 or redis.call('ZSCORE', KEYS[8] .. lane, id)
    or redis.call('ZSCORE', KEYS[9], id) or redis.call('ZSCORE', KEYS[10], id)
  if not known then
    if state == 'scheduled' then
      redis.call('ZADD', KEYS[9], at, id)
    elseif state == 'retrying' then
      redis.call('ZADD', KEYS[10], at, id)
    elseif state == 'running' then
      redis.call('ZADD', KEYS[19], int(now), id)
      redis.call('HSET', KEYS[11], id, '-|r|' .. at .. '|' .. lane)
    else
      place(keys, lane, id, at)
      ready = ready + 1
    end
    if limited == '1' then redis.call('ZADD', KEYS[13] .. owner, '+inf', id) end
    count(owner, tenant, state, 1)
    if from == 'new' then count(owner, tenant, 'submitted', 1) end
    if from == 'dlq' then count(owner, tenant, 'dlq', -1) end
    added = added + 1
  end
  redis.call('ZREM', KEYS[12], id .. '|' .. from)
  emit(not known)
end
local ring = ready > 0 and wake(keys, ready, fleet) or 0
local late = redis.call('ZRANGEBYSCORE', KEYS[19], '-inf', int(now), 'LIMIT', 0, 1)
if ring == 0 and late[1] and redis.call('SET', KEYS[18], '1', 'NX', 'PX', 1000) then ring = 1 end
local mark = finish()
return {added, ring, mark[1], mark[2]}
