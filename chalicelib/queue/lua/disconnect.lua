-- Remove a connection and notify the manager of its shard.
--@include shard
--@given connections:zset connection:hash
--@args id
--@reply 1, or 0 when there was no such connection
redis.call('ZREM', KEYS.connections, ARGV.id)
if redis.call('DEL', KEYS.connection) == 0 then return 0 end
note('close 0-0 ' .. ARGV.id)
return 1
