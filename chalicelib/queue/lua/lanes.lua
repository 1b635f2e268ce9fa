-- Puts jobs into lanes and takes them out, and keeps the rotation of lanes.
-- All lanes are one zset: the score is the lane's number. Numbers grow and are never reused, so that no job is ever seen
-- in the lane of another.
--@include clock members
--@keys ready:zset numbers:hash lanes:zset turn:string paused:set
local numbers = {}

-- The number of a lane, nil when it has none: then nothing is ready in it.
local function number_of(lane)
  if numbers[lane] == nil then numbers[lane] = redis.call('HGET', KEYS.numbers, lane) end
  return numbers[lane] or nil
end

-- Gives a lane the next number. The field `last` has the last one; if it was lost, no job that is ready has a higher one.
local function give_number(lane)
  local last = redis.call('HGET', KEYS.numbers, 'last')
  local highest = redis.call('ZRANGE', KEYS.ready, -1, -1, 'WITHSCORES')[2]
  local number = int(math.max(tonumber(last or '0'), tonumber(highest or '0')) + 1)
  redis.call('HSET', KEYS.numbers, lane, number, 'last', number)
  numbers[lane] = number
  return number
end

-- Forgets the numbers of lanes without open jobs.
local function free_numbers(empty)
  for _, lane in ipairs(empty) do
    local number = number_of(lane)
    if number and redis.call('ZCOUNT', KEYS.ready, number, number) == 0 then
      redis.call('HDEL', KEYS.numbers, lane)
      numbers[lane] = false
    end
  end
end

-- How many jobs are ready in a lane.
local function ready_in(lane)
  local number = number_of(lane)
  return number and redis.call('ZCOUNT', KEYS.ready, number, number) or 0
end

-- A lane with ready jobs takes its turn, unless it is paused.
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

-- Takes a job out of its lane; whether it was there, at that very place.
local function take_ready(lane, id, place)
  if redis.call('ZREM', KEYS.ready, member_of(place, id)) == 0 then return false end
  if ready_in(lane) == 0 then redis.call('ZREM', KEYS.lanes, lane) end
  return true
end

-- Takes the first jobs of a lane out of it, at most `most`: their members, and whether it has more.
local function take_first(lane, most)
  local number = number_of(lane)
  if not number then return {}, false end
  local found = redis.call('ZRANGE', KEYS.ready, number, number, 'BYSCORE', 'LIMIT', 0, most + 1)
  local more = #found > most
  if more then found[#found] = nil end
  for n = 1, #found, 4000 do redis.call('ZREM', KEYS.ready, unpack(found, n, math.min(n + 3999, #found))) end
  return found, more
end
