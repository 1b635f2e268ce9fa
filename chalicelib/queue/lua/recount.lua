-- Add counts of ended jobs and totals during a rebuild.
--
-- KEYS[1] counts prefix   KEYS[2] rebuild (string)
-- ARGV[1] token of the rebuild's lock   then for each count: scope, field, number
-- Returns 1, or 0 when the lock is another's.
if redis.call('GET', KEYS[2]) ~= ARGV[1] then return 0 end
for n = 2, #ARGV, 3 do
  redis.call('HSET', KEYS[1] .. ARGV[n], 'since', '0')
  redis.call('HINCRBY', KEYS[1] .. ARGV[n], ARGV[n + 1], ARGV[n + 2])
end
return 1
