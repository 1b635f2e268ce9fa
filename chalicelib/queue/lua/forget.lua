-- Take a deleted job out of the counts, once: the intent noted before the deletion is the licence.
--
-- KEYS[1..4] see prelude
-- KEYS[5] intents (zset)
-- ARGV[1..5] see prelude
-- then for each job: the intent, owner, tenant, state, events (see emit)
-- Returns {epoch, seq, forgotten} or {-1}.
if closed() then return {CLOSED} end
local forgotten = 0
while more() do
  local intent, owner, tenant, state = take(), take(), take(), take()
  local first = redis.call('ZREM', KEYS[5], intent) == 1
  if first then
    count(owner, tenant, state, -1)
    forgotten = forgotten + 1
  end
  emit(first)
end
local mark = finish()
return {mark[1], mark[2], forgotten}
