--!include lanes
-- Take a cancelled job out of where it waits. One that is leased is left to its holder, who will find out.
--
-- KEYS[1..4] see prelude
-- KEYS[5] scheduled (zset)   KEYS[6] retrying (zset)   KEYS[7] tokens (hash)    KEYS[8] lanes (zset)
-- KEYS[9] ready prefix       KEYS[10] active prefix    KEYS[11] intents (zset)
-- ARGV[1..5] see prelude
-- ARGV[6] id   ARGV[7] lane   ARGV[8] owner   ARGV[9] tenant   then events (see emit)
-- Returns {epoch, seq, 1 (withdrawn) | 2 (leased) | 0 (was nowhere)} or {-1}.
if closed() then return {CLOSED} end
local id, lane, owner, tenant = take(), take(), take(), take()
redis.call('ZREM', KEYS[11], id .. '|cancel')
if redis.call('HEXISTS', KEYS[7], id) == 1 then return {tonumber(epoch), seq, 2} end
local was
if unplace({lanes = KEYS[8], ready = KEYS[9]}, lane, id) then
  was = 'pending'
elseif redis.call('ZREM', KEYS[5], id) == 1 then
  was = 'scheduled'
elseif redis.call('ZREM', KEYS[6], id) == 1 then
  was = 'retrying'
end
redis.call('ZREM', KEYS[10] .. owner, id)
if was then
  count(owner, tenant, was, -1)
  count(owner, tenant, 'cancelled', 1)
end
emit(was ~= nil)
local mark = finish()
return {mark[1], mark[2], was and 1 or 0}
