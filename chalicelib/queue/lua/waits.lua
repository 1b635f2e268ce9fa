-- Return the ready jobs of lanes. Cost: a few steps per lane and priority, independent of the number of jobs.
--@include lanes
--@args span:int
--@item lane
--@reply for each lane: ready jobs, 1 when it is paused else 0, since when the oldest is ready, in ms (-1 = none)
-- `span`: 2 to the power of the bits of a place that hold the time. In a lane each priority has its own range of
-- places, so the oldest job is the first of one range; bisection finds where each range starts.
local function place_at(rank) return place_of(redis.call('ZRANGE', KEYS.ready, rank, rank)[1]) end

-- Returns the first rank between two whose place is not below `bound`.
local function first_from(bound, from, to)
  while from < to do
    local middle = math.floor((from + to) / 2)
    if place_at(middle) < bound then from = middle + 1 else to = middle end
  end
  return from
end

local function oldest_in(lane, ready)
  local oldest, rank = -1, redis.call('ZCOUNT', KEYS.ready, '-inf', '(' .. number_of(lane))
  local behind = rank + ready
  while rank < behind do
    local place = place_at(rank)
    local at = place % ARGV.span
    if oldest < 0 or at < oldest then oldest = at end
    rank = first_from(place - at + ARGV.span, rank + 1, behind)
  end
  return oldest
end

local results = {}
while next_item() do
  local lane = ITEM.lane
  local ready = ready_in(lane)
  results[#results + 1] = ready
  results[#results + 1] = redis.call('SISMEMBER', KEYS.paused, lane)
  results[#results + 1] = ready > 0 and oldest_in(lane, ready) or -1
end
return results
