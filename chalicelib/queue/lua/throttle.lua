-- Count one attempt against several limits at once, or return how long to wait. A refused attempt is not counted.
--@given attempts:string*
--@args window_ms
--@item allowed:int
--@reply 0 when the attempt is allowed, else the ms until the last of the full windows ends
-- The nth item is how many attempts the nth key allows per window.
local wait, n = 0, 0
while next_item() do
  n = n + 1
  if tonumber(redis.call('GET', KEYS.attempts[n]) or 0) >= ITEM.allowed then
    wait = math.max(wait, redis.call('PTTL', KEYS.attempts[n]), 1)
  end
end
if wait > 0 then return wait end
for _, key in ipairs(KEYS) do
  if redis.call('INCR', key) == 1 then redis.call('PEXPIRE', key, ARGV.window_ms) end
end
return 0
