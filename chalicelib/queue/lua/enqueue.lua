--!include lanes
-- Put jobs into their lanes, or where they wait; tell everyone; say whether to invoke a worker.
-- The note (intent) that was made before a job's record is its licence, and is used up here: a job comes in once,
-- however often and late this is called, and however the job fared meanwhile.
-- A redriven job whose end was not told yet is still leased: its lease ends here, and whoever tells its end is late.
--
-- KEYS[1..4] see prelude
-- KEYS[5] lanes (zset)      KEYS[6] turn (string)    KEYS[7] paused (set)      KEYS[8] ready prefix
-- KEYS[9] scheduled (zset)  KEYS[10] retrying (zset) KEYS[11] tokens (hash)    KEYS[12] intents (zset)
-- KEYS[13] active prefix    KEYS[14] workers (zset)  KEYS[15] slots (hash)     KEYS[16] waiting (zset)
-- KEYS[17] bell prefix      KEYS[18] ringing (string)  KEYS[19] leases (zset)   KEYS[20] cancels (zset)
-- ARGV[1..5] see prelude
-- ARGV[6] fleet slots   ARGV[7] when the licences must have been noted, ms ('' = whenever)
-- then for each job: id, lane, owner, tenant, state (pending | scheduled | retrying | running), score or due ms,
-- licence, another note to take back when it comes in, from ('new' | 'dlq'), limited (1 = counts as active),
-- events (see emit)
-- A running job that nobody holds gets a lease that has run out, so that it is recovered next.
-- Returns {epoch, seq, ring, {1 (came in) | 0 (had no licence) for each job, …}} or {-1}.
if closed() then return {CLOSED} end
local keys = {lanes = KEYS[5], turn = KEYS[6], paused = KEYS[7], ready = KEYS[8], workers = KEYS[14],
  slots = KEYS[15], waiting = KEYS[16], bell = KEYS[17], ringing = KEYS[18]}
local fleet, noted, ready, late, results = tonumber(take()), tonumber(take()), 0, false, {}
while more() do
  local id, lane, owner, tenant, state, at = take(), take(), take(), take(), take(), take()
  local licence, other, from, limited = take(), take(), take(), take()
  local valid = not noted or tonumber(redis.call('ZSCORE', KEYS[12], licence) or -1) == noted
  local fresh = valid and redis.call('ZREM', KEYS[12], licence) == 1
  if fresh then
    redis.call('ZREM', KEYS[12], other)
    local held = from == 'dlq' and redis.call('HGET', KEYS[11], id)
    if held then
      redis.call('HDEL', KEYS[11], id)
      redis.call('ZREM', KEYS[19], id)
      redis.call('ZREM', KEYS[20], id)
      count(owner, tenant, held:match('^[^|]*|(%a)') == 'r' and 'running' or 'pending', -1, lane)
      count(owner, tenant, 'failed', 1)
    elseif from == 'dlq' then
      count(owner, tenant, 'dlq', -1)
    end
    if state == 'scheduled' then
      redis.call('ZADD', KEYS[9], at, id)
    elseif state == 'retrying' then
      redis.call('ZADD', KEYS[10], at, id)
    elseif state == 'running' then
      redis.call('ZADD', KEYS[19], int(now), id)
      redis.call('HSET', KEYS[11], id, '-|r|' .. at .. '|' .. lane)
      late = true
    else
      place(keys, lane, id, at)
      ready = ready + 1
    end
    if limited == '1' then redis.call('ZADD', KEYS[13] .. owner, '+inf', id) end
    count(owner, tenant, state, 1, lane)
    if from == 'new' then count(owner, tenant, 'submitted', 1) end
  end
  emit(fresh, owner, tenant)
  results[#results + 1] = fresh and 1 or 0
end
local ring = ready > 0 and wake(keys, ready, fleet) or 0
if ring == 0 and late and redis.call('SET', KEYS[18], '1', 'NX', 'PX', 1000) then ring = 1 end
local mark = finish()
return {mark[1], mark[2], ring, results}
