--!include lanes
-- Does something wait that nobody looks after? Then say so, at most once a second.
--
-- KEYS[1..4] see prelude
-- KEYS[5] lanes (zset)    KEYS[6] leases (zset)   KEYS[7] scheduled (zset)   KEYS[8] retrying (zset)
-- KEYS[9] workers (zset)  KEYS[10] slots (hash)   KEYS[11] ringing (string)
-- ARGV[1..5] see prelude
-- ARGV[6] fleet slots
-- Returns {epoch, seq, 1 when a worker should be invoked else 0} or {-1}.
if closed() then return {CLOSED} end
local held, late = slots_held({workers = KEYS[9], slots = KEYS[10]}), false
for _, key in ipairs({KEYS[6], KEYS[7], KEYS[8]}) do
  late = late or redis.call('ZRANGEBYSCORE', key, '-inf', int(now), 'LIMIT', 0, 1)[1] ~= nil
end
local idle = redis.call('EXISTS', KEYS[5]) == 1 and held < tonumber(take())
local ring = (idle or (late and held == 0)) and redis.call('SET', KEYS[11], '1', 'NX', 'PX', 1000)
return {tonumber(epoch), seq, ring and 1 or 0}
