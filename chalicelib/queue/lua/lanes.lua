-- Lanes: runs of ready jobs in one zset, whose score is the number of the lane.
-- A lane has a number exactly while it is in the rotation or parked: from its first ready job until a claim finds it
-- empty. So taking a job out leaves the lane where it is. Numbers grow and are never reused: a job never appears in
-- another lane.
--@include clock members rotation
--@keys ready:zset numbers:hash special:zset
-- After the number: where the lane is. '' = in the rotation; MORE: in it, and other lanes of its queue are to follow.
local PARKED, MORE = 'p', 'm'
local numbers, read = {}, {}

-- Reads the numbers of several lanes at once.
local function read_numbers(lanes)
  for n, found in ipairs(redis.call('HMGET', KEYS.numbers, unpack(lanes))) do numbers[lanes[n]] = found end
end

-- Returns the number of a lane and where it is, nil if it has none: then no job is ready in it.
local function number_of(lane)
  if numbers[lane] == nil then numbers[lane] = redis.call('HGET', KEYS.numbers, lane) end
  local text = numbers[lane]
  if not text then return nil end
  if not read[text] then read[text] = {text:match('^(%d+)(%a?)$')} end
  return read[text][1], read[text][2]
end

local function set_number(lane, number, where)
  numbers[lane] = number .. where
  redis.call('HSET', KEYS.numbers, lane, numbers[lane])
end

-- Notes where a lane is.
local function set_where(lane, where)
  local number = number_of(lane)
  if number then set_number(lane, number, where) end
end

-- Gives a lane the next number. The field `last` has the last one; if it was lost, no ready job has a higher one.
local function give_number(lane)
  local number = redis.call('HINCRBY', KEYS.numbers, 'last', 1)
  if number == 1 then
    local highest = redis.call('ZRANGE', KEYS.ready, -1, -1, 'WITHSCORES')[2]
    if highest then number = redis.call('HINCRBY', KEYS.numbers, 'last', int(tonumber(highest))) end
  end
  set_number(lane, int(number), '')
  local at = parts(lane)
  if not at.plain then redis.call('ZADD', KEYS.special, 0, at.source .. '\0' .. lane) end
  return int(number)
end

-- Forgets an empty lane, which is nowhere any more.
local function drop_number(lane)
  local at = parts(lane)
  redis.call('HDEL', KEYS.numbers, lane)
  numbers[lane] = false
  if not at.plain then redis.call('ZREM', KEYS.special, at.source .. '\0' .. lane) end
end

-- Returns the number of ready jobs in a lane.
local function ready_in(lane)
  local number = number_of(lane)
  return number and redis.call('ZCOUNT', KEYS.ready, number, number) or 0
end

-- Returns up to `most` members from the front of a lane, and whether it has more. The caller removes them.
local function first_in(number, most)
  local found = redis.call('ZRANGE', KEYS.ready, number, number, 'BYSCORE', 'LIMIT', 0, most + 1)
  local more = #found > most
  if more then found[#found] = nil end
  return found, more
end
