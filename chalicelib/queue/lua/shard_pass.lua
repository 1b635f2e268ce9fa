-- Hand a shard over to the manager that waits for it; without one, release it.
--@given manager:string manager_next:string
--@args manager_token lease_ms
--@reply 1 handed over, 0 released, -1 held by another manager
if redis.call('GET', KEYS.manager) ~= ARGV.manager_token then return -1 end
local successor = redis.call('GET', KEYS.manager_next)
if not successor then
  redis.call('DEL', KEYS.manager)
  return 0
end
redis.call('SET', KEYS.manager, successor, 'PX', ARGV.lease_ms)
redis.call('DEL', KEYS.manager_next)
return 1
