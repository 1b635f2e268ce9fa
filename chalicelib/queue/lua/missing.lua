-- Which of these jobs are neither ready nor waiting nor leased? Each gets a note that licenses its enqueueing, which
-- any other enqueueing of the job takes back: who reads its record after this, and finds it open, may bring it in.
--@include gate leases places
--@keys intents:zset
--@item id place note
--@reply {epoch, seq, when the notes were made in ms, {1 (missing) | 0 for each job, …}} | {-1} closed
if closed() then return {CLOSED} end
local results = {}
while next_item() do
  local known = lease_of(ITEM.id) or is_waiting(ITEM.id, ITEM.place)
  if not known then redis.call('ZADD', KEYS.intents, int(now), ITEM.note) end
  results[#results + 1] = known and 0 or 1
end
return {tonumber(epoch), seq, now, results}
