-- Append events to the log and publish them; the queue stays as it is.
--
-- KEYS[1..4] see prelude
-- ARGV[1..5] see prelude
-- then events (see emit)
-- Returns {epoch, seq} or {-1}.
if closed() then return {CLOSED} end
emit(true)
return finish()
