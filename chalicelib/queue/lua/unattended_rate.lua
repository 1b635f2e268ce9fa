-- Return when a rate allows the next parked job of a pool in which no worker listens.
--@include gate listening lines
--@keys timed:zset
--@args until_ms:int
--@reply {epoch, seq, the time in ms, -1 = not by `until_ms`} | {-1} closed
if closed() then return {CLOSED} end
local attended = {}

local function is_attended(line)
  local pool = pool_of(line)
  if attended[pool] == nil then attended[pool] = alive_besides('', pool) > 0 end
  return attended[pool]
end

local found = redis.call('ZRANGEBYSCORE', KEYS.timed, '-inf', int(ARGV.until_ms), 'WITHSCORES', 'LIMIT', 0, 1000)
for n = 1, #found, 2 do
  for _, line in ipairs(lines_at(found[n])) do
    if first_of(KEYS.parked, line, 1)[1] and not is_resumed(line) and not is_attended(line) then
      return {tonumber(epoch), seq, tonumber(found[n + 1])}
    end
  end
end
return {tonumber(epoch), seq, -1}
