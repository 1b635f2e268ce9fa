-- Make held-back jobs due where their owners are below the limit: a reservation expired, or the limit was raised.
--@include gate held
--@args limit:int most:int
--@item owner:owner
--@reply {epoch, seq, jobs that became due} | {-1} closed
-- `limit`: active jobs allowed (0 = no limit); `most`: jobs of each owner at most.
if closed() then return {CLOSED} end
local limit, most, count = ARGV.limit, ARGV.most, 0
while next_item() do
  local owner = ITEM.owner
  redis.call('ZREMRANGEBYSCORE', OWNER.active[owner], '-inf', int(now))
  local room = limit > 0 and limit - redis.call('ZCARD', OWNER.active[owner]) or most
  if room > 0 then count = count + release_held(owner, math.min(room, most)) end
end
return {tonumber(epoch), seq, count}
