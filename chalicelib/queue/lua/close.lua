-- Close the queue at the begin of a rebuild and drop what it held, but the lanes' contents, events and slots.
--
-- KEYS[1] epoch (string)   KEYS[2] rebuild (string)   KEYS[3…] what to drop
-- ARGV[1] token of the rebuild's lock
-- Returns 1, or 0 when the lock is another's.
if redis.call('GET', KEYS[2]) ~= ARGV[1] then return 0 end
redis.call('DEL', KEYS[1])
for n = 3, #KEYS do redis.call('UNLINK', KEYS[n]) end
return 1
