-- Shared head of every script that changes the queue: the gate and the clock. `ledger` follows it.
--
-- KEYS[1] epoch (string)   KEYS[2] seq (string)   KEYS[3] events (stream)   KEYS[4] counts prefix
-- ARGV[1] known epoch      ARGV[2] known seq      ARGV[3] now, ms ('' = the server's clock)
-- ARGV[4] channel          ARGV[5] events kept, and megabytes of them: '50000 64'
local CLOSED = -1
local cursor = 5
local function take()
  cursor = cursor + 1
  return ARGV[cursor]
end
local function more() return cursor < #ARGV end
local function int(n) return string.format('%.0f', n) end

local now
if ARGV[3] ~= '' then
  now = tonumber(ARGV[3])
else
  local t = redis.call('TIME')
  now = t[1] * 1000 + math.floor(t[2] / 1000)
end

-- Closed when the epoch is gone (data lost) or older than one the caller has seen (a failover went back).
local epoch, seq = redis.call('GET', KEYS[1]), tonumber(redis.call('GET', KEYS[2]) or '0')
local function closed()
  if not epoch then return true end
  local known, have = tonumber(ARGV[1]), tonumber(epoch)
  return have < known or (have == known and seq < tonumber(ARGV[2]))
end
