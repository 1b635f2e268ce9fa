-- Claim a shard if it is free and has connections.
--@include clock
--@given manager:string manager_next:string connections:zset manager_waking:string
--@args manager_token lease_ms wait wake_channel
--@reply 1 claimed, 0 held by another manager, -1 no connections
-- `wait`: 1 = ask its holder to hand it over.
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
