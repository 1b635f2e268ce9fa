-- What waits in lanes. Costs a few steps a lane, however much waits.
--@keys paused:set
--@given ready:zset*
--@args span:int
--@item lane
--@reply for each lane: ready jobs, 1 when it is paused else 0, since when the first one waits in ms (-1 = none)
-- `span`: 2 to the power of the bits of a place that are the time. The nth key is of the nth lane.
-- In a lane each priority has its own range of places, so the oldest is at the begin of one of them.
local results, n = {}, 0
while next_item() do
  n = n + 1
  local oldest, from = -1, '-inf'
  while true do
    local first = redis.call('ZRANGEBYSCORE', KEYS.ready[n], from, '+inf', 'WITHSCORES', 'LIMIT', 0, 1)
    if not first[2] then break end
    local place = tonumber(first[2])
    local at = place % ARGV.span
    if oldest < 0 or at < oldest then oldest = at end
    from = string.format('%.0f', place - at + ARGV.span)
  end
  results[#results + 1] = redis.call('ZCARD', KEYS.ready[n])
  results[#results + 1] = redis.call('SISMEMBER', KEYS.paused, ITEM.lane)
  results[#results + 1] = oldest
end
return results
