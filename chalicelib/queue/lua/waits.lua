-- What waits in lanes. Costs a few steps a lane, however much waits.
--
-- KEYS[1] paused (set)   KEYS[2…] ready:<lane> (zset), one for each lane
-- ARGV[1] 2 to the power of the bits of a score that are the time   ARGV[2…] the lanes
-- Returns for each lane: ready jobs, 1 when it is paused else 0, since when the first one waits in ms (-1 = none).
-- In a lane each priority has its own range of scores, so the oldest is at the begin of one of them.
local results, span = {}, tonumber(ARGV[1])
for n = 2, #KEYS do
  local oldest, from = -1, '-inf'
  while true do
    local first = redis.call('ZRANGEBYSCORE', KEYS[n], from, '+inf', 'WITHSCORES', 'LIMIT', 0, 1)
    if not first[2] then break end
    local score = tonumber(first[2])
    local at = score % span
    if oldest < 0 or at < oldest then oldest = at end
    from = string.format('%.0f', score - at + span)
  end
  results[#results + 1] = redis.call('ZCARD', KEYS[n])
  results[#results + 1] = redis.call('SISMEMBER', KEYS[1], ARGV[n])
  results[#results + 1] = oldest
end
return results
