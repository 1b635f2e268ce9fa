-- Shared by scripts that put jobs into lanes: places a job, keeps the rotation of lanes, wakes workers.
-- The keys come by name, so that each script keeps its own KEYS list.

local placed = {}
local function place(keys, lane, id, score)
  redis.call('ZADD', keys.ready .. lane, score, id)
  if placed[lane] then return end
  placed[lane] = true
  if redis.call('SISMEMBER', keys.paused, lane) == 0 then
    redis.call('ZADD', keys.lanes, 'NX', tonumber(redis.call('GET', keys.turn) or '0'), lane)
  end
end

local function unplace(keys, lane, id)
  local removed = redis.call('ZREM', keys.ready .. lane, id)
  if removed == 1 and redis.call('EXISTS', keys.ready .. lane) == 0 then redis.call('ZREM', keys.lanes, lane) end
  return removed == 1
end

-- Slots that live workers hold; those of the dead lapse.
local function slots_held(keys)
  for _, gone in ipairs(redis.call('ZRANGEBYSCORE', keys.workers, '-inf', now)) do
    redis.call('ZREM', keys.workers, gone)
    redis.call('HDEL', keys.slots, gone)
  end
  local held = 0
  for _, n in ipairs(redis.call('HVALS', keys.slots)) do held = held + n end
  return held
end

-- Rings up to `jobs` listening workers. Returns 1 when none listens and a new worker should be invoked.
local function wake(keys, jobs, fleet)
  local rung = 0
  for _, worker in ipairs(redis.call('ZRANGEBYSCORE', keys.waiting, '(' .. int(now), '+inf', 'LIMIT', 0, jobs)) do
    redis.call('ZREM', keys.waiting, worker)
    redis.call('LPUSH', keys.bell .. worker, 'w')
    redis.call('PEXPIRE', keys.bell .. worker, 60000)
    rung = rung + 1
  end
  if rung >= jobs or slots_held(keys) >= fleet then return 0 end
  return redis.call('SET', keys.ringing, '1', 'NX', 'PX', 1000) and 1 or 0
end
