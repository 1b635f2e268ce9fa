-- Shared head of the scripts of WebSocket connections: the clock, notes to a shard's manager, its bell.
local function int(n) return string.format('%.0f', n) end

local function clock(given)
  if given ~= '' then return tonumber(given) end
  local t = redis.call('TIME')
  return t[1] * 1000 + math.floor(t[2] / 1000)
end

-- Puts a note into the inbox; the newest 20,000 are kept. The manager reads it when the bell rings.
local function note(inbox, text, channel, life)
  redis.call('RPUSH', inbox, text)
  redis.call('LTRIM', inbox, -20000, -1)
  redis.call('PEXPIRE', inbox, life)
  redis.call('PUBLISH', channel, '1')
end

-- 1 when nobody manages the shard and nobody was invoked just now.
local function unattended(manager, ringing, for_ms)
  if redis.call('EXISTS', manager) == 1 then return 0 end
  return redis.call('SET', ringing, '1', 'NX', 'PX', for_ms) and 1 or 0
end

-- Where a client stands: `given` if that event has happened in this epoch, the newest for '', else 0-0 (start anew).
local function standing(given, epoch, seq)
  epoch, seq = epoch or '0', seq or '0'
  if given == '' then return epoch .. '-' .. seq end
  local e, s = string.match(given, '^(%d+)-(%d+)$')
  if e == epoch and tonumber(s) <= tonumber(seq) then return given end
  return '0-0'
end
