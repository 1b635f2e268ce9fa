--!include lanes
-- Take cancelled jobs out of where they wait. One that is leased is left to its holder, who will find out.
--
-- KEYS[1..4] see prelude
-- KEYS[5] scheduled (zset)   KEYS[6] retrying (zset)   KEYS[7] tokens (hash)    KEYS[8] lanes (zset)
-- KEYS[9] ready prefix       KEYS[10] active prefix    KEYS[11] intents (zset)
-- ARGV[1..5] see prelude
-- then for each job: id, lane, owner, tenant, events (see emit)
-- Returns {epoch, seq, 1 (withdrawn) | 2 (leased) | 0 (was nowhere) for each job, …} or {-1}.
if closed() then return {CLOSED} end
local keys, results = {lanes = KEYS[8], ready = KEYS[9]}, {}
while more() do
  local id, lane, owner, tenant = take(), take(), take(), take()
  local was
  redis.call('ZREM', KEYS[11], id .. '|cancel')
  local leased = redis.call('HEXISTS', KEYS[7], id) == 1
  if not leased then
    if unplace(keys, lane, id) then
      was = 'pending'
    elseif redis.call('ZREM', KEYS[5], id) == 1 then
      was = 'scheduled'
    elseif redis.call('ZREM', KEYS[6], id) == 1 then
      was = 'retrying'
    end
    redis.call('ZREM', KEYS[10] .. owner, id)
  end
  if was then
    count(owner, tenant, was, -1)
    count(owner, tenant, 'cancelled', 1)
  end
  emit(was ~= nil)
  results[#results + 1] = leased and 2 or was and 1 or 0
end
local mark = finish()
return {mark[1], mark[2], unpack(results)}
