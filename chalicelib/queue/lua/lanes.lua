-- Puts jobs into lanes and takes them out, and keeps the rotation of lanes.
--@keys ready_prefix:zset lanes:zset turn:string paused:set

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
  redis.call('ZADD', KEYS.ready_prefix .. lane, place, id)
  join_rotation(lane)
end

local function is_ready(lane, id) return redis.call('ZSCORE', KEYS.ready_prefix .. lane, id) end

local function take_ready(lane, id)
  local removed = redis.call('ZREM', KEYS.ready_prefix .. lane, id)
  if removed == 1 and redis.call('EXISTS', KEYS.ready_prefix .. lane) == 0 then redis.call('ZREM', KEYS.lanes, lane) end
  return removed == 1
end

-- How many jobs are ready in a lane.
local function ready_in(lane) return redis.call('ZCARD', KEYS.ready_prefix .. lane) end
