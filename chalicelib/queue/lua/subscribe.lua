-- Ask the manager to continue after an event, and to change the scope of a connection.
--@include shard unattended client_cursor
--@given connection:hash
--@args about request
--@reply 1 to invoke a manager, 0 not to, -1 when there is no such connection
-- `about`: the connection (JSON); `after`: the last event that the client has ('' = the newest); `request`: JSON.
if redis.call('EXISTS', KEYS.connection) == 0 then return -1 end
local cursor = client_cursor()
redis.call('HSET', KEYS.connection, 'about', ARGV.about, 'cursor', cursor)
note('subscribe ' .. cursor .. ' ' .. ARGV.request)
return unattended()
