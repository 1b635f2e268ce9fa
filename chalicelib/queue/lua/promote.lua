--!include lanes held
-- Move jobs whose wait is over from the scheduled or retrying into their lanes. The due time names the wait that
-- is meant: a call that comes late does not cut the next wait short.
--
-- KEYS[1..4] see prelude
-- KEYS[5] scheduled (zset)   KEYS[6] retrying (zset)   KEYS[7] lanes (zset)     KEYS[8] turn (string)
-- KEYS[9] paused (set)       KEYS[10] ready prefix     KEYS[11] active prefix   KEYS[12] workers (zset)
-- KEYS[13] slots (hash)      KEYS[14] waiting (zset)   KEYS[15] bell prefix     KEYS[16] ringing (string)
-- KEYS[17] held (zset)
-- ARGV[1..5] see prelude
-- ARGV[6] fleet slots
-- then for each job: id, lane, owner, tenant, when it was due in ms, score, limited (1 = counts as
-- active), events (see emit)
-- Returns {epoch, seq, ring, moved} or {-1}.
if closed() then return {CLOSED} end
local keys = {lanes = KEYS[7], turn = KEYS[8], paused = KEYS[9], ready = KEYS[10], workers = KEYS[12],
  slots = KEYS[13], waiting = KEYS[14], bell = KEYS[15], ringing = KEYS[16], scheduled = KEYS[5], held = KEYS[17]}
local fleet, moved = tonumber(take()), 0
while more() do
  local id, lane, owner, tenant, due, score, limited = take(), take(), take(), take(), take(), take(), take()
  local from
  if tonumber(redis.call('ZSCORE', KEYS[6], id) or -1) == tonumber(due) then
    redis.call('ZREM', KEYS[6], id)
    from = 'retrying'
  elseif tonumber(redis.call('ZSCORE', KEYS[5], id) or -1) % HELD == tonumber(due) then
    unschedule(keys, owner, id)
    from = 'scheduled'
  end
  if from then
    place(keys, lane, id, score)
    if limited == '1' then redis.call('ZADD', KEYS[11] .. owner, '+inf', id) end
    count(owner, tenant, from, -1, lane)
    count(owner, tenant, 'pending', 1, lane)
    moved = moved + 1
  end
  emit(from ~= nil, owner, tenant)
end
local ring = moved > 0 and wake(keys, moved, fleet) or 0
local mark = finish()
return {mark[1], mark[2], ring, moved}
