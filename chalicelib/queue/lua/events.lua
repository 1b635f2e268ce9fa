-- Appends events to the log and publishes them.
--@include gate
--@keys events:stream log_bytes:hash
--@args channel events_kept log_mb:int
local wrote = 0

-- Gives an event the next id, appends and publishes it. `tail` is its JSON without the head; `slim` may return a
-- shorter message for the log.
local function append(owner, tenant, tail, slim)
  seq = seq + 1
  local id = epoch .. '-' .. int(seq)
  local message = '{"id":"' .. id .. '",' .. tail
  local kept = slim and slim(id, message, tenant) or message
  wrote = wrote + #kept + #owner + #tenant
  redis.call('XADD', KEYS.events, id, 'e', kept, 'o', owner, 't', tenant)
  redis.call('PUBLISH', ARGV.channel, message)
end

-- Trims the log to its number of events and its megabytes: `log_bytes` has the number of bytes ever written, and the last
-- id in each megabyte.
local function trim()
  redis.call('XTRIM', KEYS.events, 'MAXLEN', '~', ARGV.events_kept)
  local most = ARGV.log_mb
  local bytes = redis.call('HINCRBY', KEYS.log_bytes, 'bytes', wrote)
  local before, megabyte = math.floor((bytes - wrote) / 1048576), math.floor(bytes / 1048576)
  if megabyte == before then return end
  redis.call('HSET', KEYS.log_bytes, int(megabyte), epoch .. '-' .. int(seq))
  for n = before - most + 1, megabyte - most do
    local cut = redis.call('HGET', KEYS.log_bytes, int(n))
    if cut then redis.call('XTRIM', KEYS.events, 'MINID', cut) end
    redis.call('HDEL', KEYS.log_bytes, int(n))
  end
end

-- Ends a script that may have appended events. Returns epoch and sequence.
local function finish()
  if wrote > 0 then
    redis.call('SET', KEYS.seq, int(seq))
    trim()
  end
  return mark()
end
