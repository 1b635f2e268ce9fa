-- Lease ready jobs to a worker. Lanes take turns; within a lane the lowest place is first.
--@include gate lanes leases
--@keys scheduled:zset retrying:zset
--@args token want:int lease_ms:int
--@reply {epoch, seq, lanes still ready, next due ms or -1, {id, …}} | {-1} closed
-- Cost: O(log n) per job, independent of the number of waiting or paused jobs.
if closed() then return {CLOSED} end
local want, token = ARGV.want, ARGV.token
local got, turn = {}, tonumber(redis.call('GET', KEYS.turn) or '0')
local unserved = 0
while #got < want do
  local lane = redis.call('ZRANGE', KEYS.lanes, 0, 0)[1]
  if not lane then break end
  if unserved == 0 then unserved = redis.call('ZCARD', KEYS.lanes) end
  local share = math.ceil((want - #got) / unserved)
  unserved = unserved - 1
  local members, more = take_first(lane, share)
  for _, member in ipairs(members) do
    local id = id_of(member)
    if claim_free(id, token, int(place_of(member)), lane) then got[#got + 1] = id end
  end
  turn = turn + 1
  if more then
    redis.call('ZADD', KEYS.lanes, turn, lane)
  else
    redis.call('ZREM', KEYS.lanes, lane)
  end
end
if #got > 0 then
  lease_until(int(now + ARGV.lease_ms), got)
  redis.call('SET', KEYS.turn, int(turn))
end
local due = -1
for _, key in ipairs({KEYS.scheduled, KEYS.retrying, KEYS.leases}) do
  local first = redis.call('ZRANGE', key, 0, 0, 'WITHSCORES')
  if first[2] and (due < 0 or tonumber(first[2]) < due) then due = tonumber(first[2]) end
end
return {tonumber(epoch), seq, redis.call('ZCARD', KEYS.lanes), due, got}
