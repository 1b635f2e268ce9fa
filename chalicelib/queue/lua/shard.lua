-- Notes to a shard's connection manager, shared by the scripts of WebSocket connections.
--@given inbox:list
--@args wake_channel life_ms
-- Adds a note to the inbox, which keeps the newest 20,000, and wakes the manager to read it.
local function note(text)
  redis.call('RPUSH', KEYS.inbox, text)
  redis.call('LTRIM', KEYS.inbox, -20000, -1)
  redis.call('PEXPIRE', KEYS.inbox, ARGV.life_ms)
  redis.call('PUBLISH', ARGV.wake_channel, '1')
end
