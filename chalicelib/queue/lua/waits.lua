-- Return the ready jobs of queues or lanes. Cost: a few steps per lane and priority, independent of the number of jobs.
--@include lanes pauses
--@args span:int lanes_limit:int
--@item name lane
--@reply for each: ready jobs, which pause holds (0 = none), since when the oldest is ready, in ms (-1 = none), 1 when cut
-- `name`: `tenant/queue`, or a lane; `lane`: the plain lane of the queue, '' for a lane. `lanes_limit`: other lanes of all
-- queues together that are looked at; with more, an answer is cut.
-- `span`: 2 to the power of the bits of a place that hold the time. In a lane of a strict queue each priority has its own
-- range of places, so the oldest job is the first of one range; bisection finds where each range starts.
local left = ARGV.lanes_limit
local function member_at(rank) return redis.call('ZRANGE', KEYS.ready, rank, rank)[1] end

-- Returns the first rank between two whose place is not below `bound`.
local function first_from(bound, from, to)
  while from < to do
    local middle = math.floor((from + to) / 2)
    if place_of(member_at(middle)) < bound then from = middle + 1 else to = middle end
  end
  return from
end

-- Returns since when a job is ready: by its place, but not before it was created, which its id tells.
local function since_of(member)
  local created = #member == 18 and struct.unpack('>I4', member, 7) * 1000 or 0
  local at = place_of(member) % ARGV.span
  return created < now and math.max(at, created) or at
end

local function oldest_in(lane, ready)
  local oldest, rank = math.huge, redis.call('ZCOUNT', KEYS.ready, '-inf', '(' .. number_of(lane))
  local behind = rank + ready
  while rank < behind do
    local member = member_at(rank)
    oldest = math.min(oldest, since_of(member))
    rank = first_from(place_of(member) - place_of(member) % ARGV.span + ARGV.span, rank + 1, behind)
  end
  return oldest
end

local results = {}
while next_item() do
  local lanes, ready, oldest, is_cut = {ITEM.name}, 0, math.huge, 0
  if ITEM.lane ~= '' then
    lanes = first_of(KEYS.special, ITEM.name, left + 1)
    if #lanes > left then is_cut = 1 end
    left = math.max(0, left - #lanes)
    for n, member in ipairs(lanes) do lanes[n] = member:sub(#ITEM.name + 2) end
    lanes[#lanes + 1] = ITEM.lane
  end
  for _, lane in ipairs(lanes) do
    local found = ready_in(lane)
    ready = ready + found
    if found > 0 then oldest = math.min(oldest, oldest_in(lane, found)) end
  end
  local source = ITEM.lane ~= '' and ITEM.name or parts(ITEM.name).source
  local _, pause = pause_of(source)
  local values = {ready, pause or 0, ready > 0 and oldest or -1, is_cut}
  for _, value in ipairs(values) do results[#results + 1] = value end
end
return results
