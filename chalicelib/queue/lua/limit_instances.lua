-- Return the instances of a limit with keys that hold jobs or make them wait, in order.
--@include gate
--@keys holders:zset parked:zset
--@args start most:int
--@reply {epoch, seq, {instance, …}} | {-1} closed
-- `start`: of the instances, ends with `:`.
if closed() then return {CLOSED} end
local found, last, stop = {}, nil, '(' .. ARGV.start:sub(1, -2) .. ';'

-- Returns the first instance in a set that follows `last`.
local function following(key)
  local from = last and '[' .. last .. '\3' or '[' .. ARGV.start
  local member = redis.call('ZRANGE', key, from, stop, 'BYLEX', 'LIMIT', 0, 1)[1]
  return member and member:match('^[^%z\1\2]*')
end

while #found < ARGV.most do
  local held, waits = following(KEYS.holders), following(KEYS.parked)
  last = held and waits and (held < waits and held or waits) or held or waits
  if not last then break end
  found[#found + 1] = last
end
return {tonumber(epoch), seq, found}
