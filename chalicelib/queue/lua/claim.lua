-- Lease ready jobs of a pool to a worker. Groups take turns, and so do the lanes of a group; within a lane the lowest place
-- is first. Lanes whose limits let no job begin, and those of paused queues, leave the rotation when it is their turn.
--@lazy instances lines parked kicking rates slots listening
--@include gate turns wake
--@keys scheduled:zset retrying:zset suspended:zset
--@args pool want:int lease_ms:int
--@reply {epoch, seq, groups still ready, next due ms or -1, next token ms or -1, 1 when cut, 1 when anything is paused,
--@reply {pools}, {id, …}}
-- `free`: jobs that begin at once; only those may have a rate, and the claim is cut where it meets another one.
-- Pools: those of which to invoke a worker. Cost: O(log n) per job, independent of the number of waiting jobs and of
-- parked lanes; at most MOST_VISITS lanes.
if closed() then return {CLOSED} end
local want, pool = ARGV.want, ARGV.pool
kick_due()
local group, score, more
while #got < want and visits < MOST_VISITS and not is_cut do
  if not group then group, score, more = next_group(pool) end
  if not group or group == '' then break end
  if rebase(pool, score) then group, score, more = next_group(pool) end
  local share = want - #got
  if more and share > 1 then
    local low, high = pool_range(pool, SPAN)
    share = math.ceil(share / redis.call('ZCOUNT', KEYS.groups, low, high))
  end
  group, score, more = serve_group(pool, group, score, share)
end
if #got > 0 then lease_until(int(now + ARGV.lease_ms)) end
local low, high = pool_range(pool, SPAN)
local left = group ~= '' and redis.call('ZCOUNT', KEYS.groups, low, high) or 0
if left > 0 and became_ready[pool] then wake_listening(pool, became_ready[pool]) end
became_ready[pool] = nil
local due = -1
for _, key in ipairs({KEYS.scheduled, KEYS.retrying, KEYS.suspended, KEYS.leases}) do
  local first = redis.call('ZRANGE', key, 0, 0, 'WITHSCORES')
  if first[2] and (due < 0 or tonumber(first[2]) < due) then due = tonumber(first[2]) end
end
return {tonumber(epoch), seq, left, due, first_timed or -1, is_cut and 1 or 0, is_pausing and 1 or 0, wake_all(), got}
