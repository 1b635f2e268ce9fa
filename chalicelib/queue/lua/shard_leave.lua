-- Release a shard, unless it has connections or notes.
--@include clock
--@given manager:string connections:zset inbox:list
--@args manager_token
--@reply 1 when it is released, 0 when the manager should continue
-- A connect after it invokes a manager.
if redis.call('GET', KEYS.manager) ~= ARGV.manager_token then return 1 end
redis.call('ZREMRANGEBYSCORE', KEYS.connections, '-inf', int(now))
if redis.call('ZCARD', KEYS.connections) > 0 or redis.call('LLEN', KEYS.inbox) > 0 then return 0 end
redis.call('DEL', KEYS.manager)
return 1
