-- Renew a manager's lease and store the last event that it delivered.
--@given manager:string manager_next:string connections:zset manager_cursor:string connection:hash*
--@args manager_token lease_ms delivered life_ms
--@item cursor
--@reply {0} when another holds it, else {1, or 2 when the lease had expired; connections; next token or ''}
-- `delivered`: an event id, the shard's cursor; `life_ms`: its expiry. The nth item is the cursor of the nth
-- connection, which lags behind; '' = it has caught up with the shard's.
local holder = redis.call('GET', KEYS.manager)
if holder and holder ~= ARGV.manager_token then return {0} end
redis.call('SET', KEYS.manager, ARGV.manager_token, 'PX', ARGV.lease_ms)
redis.call('SET', KEYS.manager_cursor, ARGV.delivered, 'PX', ARGV.life_ms)
local n = 0
while next_item() do
  n = n + 1
  if ITEM.cursor == '' then
    redis.call('HDEL', KEYS.connection[n], 'cursor')
  elseif redis.call('EXISTS', KEYS.connection[n]) == 1 then
    redis.call('HSET', KEYS.connection[n], 'cursor', ITEM.cursor)
  end
end
return {holder and 1 or 2, redis.call('ZCARD', KEYS.connections), redis.call('GET', KEYS.manager_next) or ''}
