-- Remove a page of expired jobs of one tenant from the counts and publish one event for all of them, each page once: its
-- id is kept for as long as those of deleted jobs (`forget`).
--@include counts events
--@keys forgotten:zset
--@args page state tenant_id event
--@item owner:owner jobs:int
--@reply {epoch, seq, 1, or 0 when the page was removed before} | {-1} closed
-- `state`: in which the jobs ended; `jobs`: of this owner.
if closed() then return {CLOSED} end
local hour = 3600000
redis.call('ZREMRANGEBYSCORE', KEYS.forgotten, '-inf', int(now - hour))
local first = redis.call('ZADD', KEYS.forgotten, 'NX', int(now), ARGV.page)
redis.call('PEXPIRE', KEYS.forgotten, 2 * hour)
if first == 1 then
  while next_item() do count(ITEM.owner, ARGV.state, -ITEM.jobs) end
  write_counts()
  append('', ARGV.tenant_id, ARGV.event)
end
local last = finish()
return {last[1], last[2], first}
