-- Shared by the scripts of WebSocket connections: notes to a shard's manager, and whether there is one.
--@given inbox:list
--@args wake_channel life_ms
-- Puts a note into the inbox; the newest 20,000 are kept. The manager reads it when a message comes on the channel.
local function note(text)
  redis.call('RPUSH', KEYS.inbox, text)
  redis.call('LTRIM', KEYS.inbox, -20000, -1)
  redis.call('PEXPIRE', KEYS.inbox, ARGV.life_ms)
  redis.call('PUBLISH', ARGV.wake_channel, '1')
end
