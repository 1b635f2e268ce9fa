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

-- What was counted, by owner and tenant, until `finish` adds it to the counts of each scope.
local tallies, wrote = {}, false
local function count(owner, tenant, field, by)
  local who = owner .. '|' .. tenant
  local tally = tallies[who]
  if not tally then
    tally = {owner = owner, tenant = tenant, fields = {}}
    tallies[who] = tally
  end
  tally.fields[field] = (tally.fields[field] or 0) + by
end

-- Takes an event count, then for each: owner and tenant, unless they are given; JSON without its head. Each gets the
-- next id.
local function emit(wanted, owner_of_all, tenant_of_all)
  for _ = 1, tonumber(take()) do
    local owner, tenant = owner_of_all or take(), tenant_of_all or take()
    local tail = take()
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
  for _, tally in pairs(tallies) do
    for _, scope in ipairs({'o:' .. tally.owner, 't:' .. tally.tenant, 'all'}) do
      -- counts that are not there are a newcomer's, or lost: the sweep finds out by the time that they began
      if redis.call('EXISTS', KEYS[4] .. scope) == 0 then redis.call('HSET', KEYS[4] .. scope, 'since', int(now)) end
      for field, by in pairs(tally.fields) do
        if by ~= 0 then redis.call('HINCRBY', KEYS[4] .. scope, field, by) end
      end
    end
  end
  if wrote then redis.call('SET', KEYS[2], int(seq)) end
  return {tonumber(epoch), seq}
end
