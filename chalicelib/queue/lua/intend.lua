-- Note changes about to be written to MongoDB. Their scripts take the notes back; what stays tells of a dead call.
--
-- KEYS[1..4] see prelude
-- KEYS[5] intents (zset)
-- ARGV[1..5] see prelude
-- then the notes
-- Returns {epoch, seq} or {-1}.
if closed() then return {CLOSED} end
while more() do redis.call('ZADD', KEYS[5], int(now), take()) end
return finish()
