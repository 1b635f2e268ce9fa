-- The time of a script: the caller's if given, otherwise the server's, which is the same for all clients.
--@args now
local function int(n) return string.format('%.0f', n) end

local now = tonumber(ARGV.now)
if not now then
  local t = redis.call('TIME')
  now = t[1] * 1000 + math.floor(t[2] / 1000)
end
