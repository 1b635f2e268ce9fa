-- Which of these jobs are neither ready nor waiting nor leased? Each gets a note that licenses its enqueueing, which
-- any other enqueueing of the job takes back: who reads its record after this, and finds it open, may bring it in.
--
-- KEYS[1..4] see prelude
-- KEYS[5] ready prefix   KEYS[6] scheduled (zset)   KEYS[7] retrying (zset)   KEYS[8] tokens (hash)
-- KEYS[9] intents (zset)
-- ARGV[1..5] see prelude
-- then for each job: id, lane, note
-- Returns {epoch, seq, when the notes were made in ms, {1 (missing) | 0 for each job, …}} or {-1}.
if closed() then return {CLOSED} end
local results = {}
while more() do
  local id, lane, note = take(), take(), take()
  local known = redis.call('HEXISTS', KEYS[8], id) == 1 or redis.call('ZSCORE', KEYS[5] .. lane, id)
    or redis.call('ZSCORE', KEYS[6], id) or redis.call('ZSCORE', KEYS[7], id)
  if not known then redis.call('ZADD', KEYS[9], int(now), note) end
  results[#results + 1] = known and 0 or 1
end
local mark = finish()
return {mark[1], mark[2], now, results}
