-- Adds jobs to lanes and removes them, and keeps the rotation of lanes.
-- All lanes are in one zset: the score is the lane's number. Numbers grow and are never reused, so a job never appears
-- in another lane.
--@include clock members
--@keys ready:zset numbers:hash lanes:zset turn:string paused:set
local numbers = {}

-- Returns the number of a lane, nil if it has none: then no job is ready in it.
local function number_of(lane)
  if numbers[lane] == nil then numbers[lane] = redis.call('HGET', KEYS.numbers, lane) end
  return numbers[lane] or nil
end

-- Gives a lane the next number. The field `last` has the last one; if it was lost, no ready job has a higher one.
local function give_number(lane)
  local last = redis.call('HGET', KEYS.numbers, 'last')
  local highest = redis.call('ZRANGE', KEYS.ready, -1, -1, 'WITHSCORES')[2]
  local number = int(math.max(tonumber(last or '0'), tonumber(highest or '0')) + 1)
  redis.call('HSET', KEYS.numbers, lane, number, 'last', number)
  numbers[lane] = number
  return number
end

-- Deletes the numbers of lanes without open jobs.
local function free_numbers(empty)
  for _, lane in ipairs(empty) do
    local number = number_of(lane)
    if number and redis.call('ZCOUNT', KEYS.ready, number, number) == 0 then
      redis.call('HDEL', KEYS.numbers, lane)
      numbers[lane] = false
    end
  end
end

-- Returns the number of ready jobs in a lane.
local function ready_in(lane)
  local number = number_of(lane)
  return number and redis.call('ZCOUNT', KEYS.ready, number, number) or 0
end

-- Adds a lane with ready jobs to the rotation, unless it is paused.
local joined = {}
local function join_rotation(lane)
  if joined[lane] then return end
  joined[lane] = true
  if redis.call('SISMEMBER', KEYS.paused, lane) == 0 then
    redis.call('ZADD', KEYS.lanes, 'NX', tonumber(redis.call('GET', KEYS.turn) or '0'), lane)
  end
end

local function put_ready(lane, id, place)
  redis.call('ZADD', KEYS.ready, number_of(lane) or give_number(lane), member_of(place, id))
  join_rotation(lane)
end

local function is_ready(id, place) return redis.call('ZSCORE', KEYS.ready, member_of(place, id)) end

-- Removes a job from its lane. Returns whether it was there, at exactly that place.
local function take_ready(lane, id, place)
  if redis.call('ZREM', KEYS.ready, member_of(place, id)) == 0 then return false end
  if ready_in(lane) == 0 then redis.call('ZREM', KEYS.lanes, lane) end
  return true
end

-- Removes up to `most` jobs from the front of a lane. Returns their members, and whether the lane has more.
local function take_first(lane, most)
  local number = number_of(lane)
  if not number then return {}, false end
  local found = redis.call('ZRANGE', KEYS.ready, number, number, 'BYSCORE', 'LIMIT', 0, most + 1)
  local more = #found > most
  if more then found[#found] = nil end
  for n = 1, #found, 4000 do redis.call('ZREM', KEYS.ready, unpack(found, n, math.min(n + 3999, #found))) end
  return found, more
end
