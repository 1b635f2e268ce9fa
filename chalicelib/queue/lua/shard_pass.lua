-- Pass a shard to the manager that waits for it; with none, set it free.
--
-- KEYS[1] manager (string)   KEYS[2] next (string)
-- ARGV[1] token   ARGV[2] lease, ms
-- Returns 1 passed on, 0 set free, -1 another's.
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return -1 end
local heir = redis.call('GET', KEYS[2])
if not heir then
  redis.call('DEL', KEYS[1])
  return 0
end
redis.call('SET', KEYS[1], heir, 'PX', ARGV[2])
redis.call('DEL', KEYS[2])
return 1
