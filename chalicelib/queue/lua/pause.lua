--!include lanes
-- Hold a lane back, or let it go on. Its jobs stay where they are; running ones run on.
--
-- KEYS[1..4] see prelude
-- KEYS[5] paused (set)   KEYS[6] lanes (zset)   KEYS[7] turn (string)   KEYS[8] ready prefix
-- KEYS[9] workers (zset) KEYS[10] slots (hash)  KEYS[11] waiting (zset) KEYS[12] bell prefix
-- KEYS[13] ringing (string)
-- ARGV[1..5] see prelude
-- ARGV[6] lane   ARGV[7] 1 = pause, 0 = resume   ARGV[8] fleet slots   then events (see emit)
-- Returns {epoch, seq, 1 when this changed it else 0, ring} or {-1}.
if closed() then return {CLOSED} end
local lane, pause, fleet = take(), take() == '1', tonumber(take())
local changed, ring = redis.call(pause and 'SADD' or 'SREM', KEYS[5], lane), 0
if pause then
  redis.call('ZREM', KEYS[6], lane)
else
  local waiting = redis.call('ZCARD', KEYS[8] .. lane)
  if waiting > 0 then
    redis.call('ZADD', KEYS[6], 'NX', tonumber(redis.call('GET', KEYS[7]) or '0'), lane)
    ring = wake({workers = KEYS[9], slots = KEYS[10], waiting = KEYS[11], bell = KEYS[12], ringing = KEYS[13]},
      waiting, fleet)
  end
end
emit(changed == 1)
local mark = finish()
return {mark[1], mark[2], changed, ring}
