-- Take a shard over, if it is free and somebody is connected.
--@include clock
--@given manager:string manager_next:string connections:zset manager_waking:string
--@args manager_token lease_ms wait wake_channel
--@reply 1 taken, 0 held by another, -1 nobody is connected
-- `wait`: 1 = wait for its holder to pass it over.
local holder = redis.call('GET', KEYS.manager)
if holder and holder ~= ARGV.manager_token then
  if ARGV.wait == '1' then
    local before = redis.call('SET', KEYS.manager_next, ARGV.manager_token, 'PX', 3000, 'GET')
    if before ~= ARGV.manager_token then redis.call('PUBLISH', ARGV.wake_channel, '1') end
  end
  return 0
end
redis.call('ZREMRANGEBYSCORE', KEYS.connections, '-inf', int(now))
if not holder and redis.call('ZCARD', KEYS.connections) == 0 then return -1 end
redis.call('SET', KEYS.manager, ARGV.manager_token, 'PX', ARGV.lease_ms)
redis.call('DEL', KEYS.manager_waking)
return 1
