-- Lease ready jobs to a worker. Lanes take turns; in a lane the lowest score goes first.
--
-- KEYS[1..4] see prelude
-- KEYS[5] lanes (zset)   KEYS[6] turn (string)   KEYS[7] ready prefix   KEYS[8] leases (zset)
-- KEYS[9] tokens (hash)  KEYS[10] scheduled (zset)   KEYS[11] retrying (zset)
-- ARGV[1..5] see prelude
-- ARGV[6] token of this claim   ARGV[7] how many at most   ARGV[8] lease, ms
-- Returns {epoch, seq, lanes still ready, next due ms or -1, {id, …}} or {-1}.
-- Cost: O(log n) per job, whatever waits or is paused.
if closed() then return {CLOSED} end
local token, want, lease = take(), tonumber(take()), tonumber(take())
local got, turn = {}, tonumber(redis.call('GET', KEYS[6]) or '0')
local unserved = 0
while #got < want do
  local lane = redis.call('ZRANGE', KEYS[5], 0, 0)[1]
  if not lane then break end
  if unserved == 0 then unserved = redis.call('ZCARD', KEYS[5]) end
  local share = math.ceil((want - #got) / unserved)
  unserved = unserved - 1
  local popped = redis.call('ZPOPMIN', KEYS[7] .. lane, share)
  for n = 1, #popped, 2 do
    local id = popped[n]
    local held = token .. '|p|' .. popped[n + 1] .. '|' .. lane
    if redis.call('HSETNX', KEYS[9], id, held) == 1 then
      redis.call('ZADD', KEYS[8], int(now + lease), id)
      got[#got + 1] = id
    end
  end
  turn = turn + 1
  if redis.call('EXISTS', KEYS[7] .. lane) == 0 then
    redis.call('ZREM', KEYS[5], lane)
  else
    redis.call('ZADD', KEYS[5], turn, lane)
  end
end
if #got > 0 then redis.call('SET', KEYS[6], int(turn)) end
local due = -1
for _, key in ipairs({KEYS[10], KEYS[11], KEYS[8]}) do
  local head = redis.call('ZRANGE', key, 0, 0, 'WITHSCORES')
  if head[2] and (due < 0 or tonumber(head[2]) < due) then due = tonumber(head[2]) end
end
return {tonumber(epoch), seq, redis.call('ZCARD', KEYS[5]), due, got}
