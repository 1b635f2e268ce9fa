-- Count one attempt against several limits at once, or say how long to wait. A refused attempt is not counted.
--
-- KEYS[1…n] throttle:<action>:<who> (string, expires with its window)
-- ARGV[1] window, ms   ARGV[2…n+1] attempts allowed per window, one for each key
-- Returns 0 when the attempt may go on, else the ms until the last of the full windows ends.
local wait = 0
for n, key in ipairs(KEYS) do
  if tonumber(redis.call('GET', key) or 0) >= tonumber(ARGV[n + 1]) then
    wait = math.max(wait, redis.call('PTTL', key), 1)
  end
end
if wait > 0 then return wait end
for _, key in ipairs(KEYS) do
  if redis.call('INCR', key) == 1 then redis.call('PEXPIRE', key, ARGV[1]) end
end
return 0
