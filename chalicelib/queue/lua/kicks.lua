-- Kicks: what may have become free lets parked lanes return.
--@include timed kicking
local kicked = {}

-- Kicks an instance at the end of the script.
local function kick_later(key)
  if not kicked[key] then
    kicked[key] = true
    kicked[#kicked + 1] = key
  end
end

-- Kicks instances whose rate allows the next job. Then `first_timed` is when the next one does.
local function kick_due()
  first_timed = tonumber(redis.call('ZRANGE', KEYS.timed, 0, 0, 'WITHSCORES')[2] or '')
  if not first_timed or first_timed > now then return end
  for _, key in ipairs(redis.call('ZRANGEBYSCORE', KEYS.timed, '-inf', int(now), 'LIMIT', 0, 100)) do
    redis.call('ZREM', KEYS.timed, key)
    kick(key)
  end
  first_timed = tonumber(redis.call('ZRANGE', KEYS.timed, 0, 0, 'WITHSCORES')[2] or '')
end

-- Does the kicks that are noted. They note no others.
local function kick_noted()
  for _, key in ipairs(kicked) do
    if key:sub(-1) == '\4' then resume(key:sub(1, -2)) else kick(key) end
  end
  kicked = {}
end
