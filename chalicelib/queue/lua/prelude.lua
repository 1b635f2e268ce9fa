-- Shared head of every script that changes the queue: the gate, the clock, counts and events.
--
-- KEYS[1] epoch (string)   KEYS[2] seq (string)   KEYS[3] events (stream)   KEYS[4] counts prefix
-- ARGV[1] known epoch      ARGV[2] known seq      ARGV[3] now, ms ('' = the server's clock)
-- ARGV[4] channel          ARGV[5] events kept
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

local deltas, wrote = {}, false
local function count(owner, tenant, field, by)
  for _, scope in ipairs({'o:' .. owner, 't:' .. tenant, 'all'}) do
    local fields = deltas[scope] or {}
    fields[field] = (fields[field] or 0) + by
    deltas[scope] = fields
  end
end

-- Takes an event count, then for each: owner, tenant, JSON without its head; gives each the next id.
local function emit(wanted)
  for _ = 1, tonumber(take()) do
    local owner, tenant, tail = take(), take(), take()
    if wanted then
      seq, wrote = seq + 1, true
      local id = epoch .. '-' .. int(seq)
      local message = '{"id":"' .. id .. '",' .. tail
      redis.call('XADD', KEYS[3], 'MAXLEN', '~', ARGV[5], id, 'e', message, 'o', owner, 't', tenant)
      redis.call('PUBLISH', ARGV[4], message)
    end
  end
end

-- Writes what was counted; every script ends with it. Returns epoch and sequence for the caller to remember.
local function finish()
  for scope, fields in pairs(deltas) do
    for field, by in pairs(fields) do
      if by ~= 0 then redis.call('HINCRBY', KEYS[4] .. scope, field, by) end
    end
  end
  if wrote then redis.call('SET', KEYS[2], int(seq)) end
  return {tonumber(epoch), seq}
end
