-- Slots of the fleets. A worker of the default pool has their number as its value, others `number|pool`.
--@include clock pools
--@keys workers:zset slots:hash
--@args fleet:int

-- Returns the slots that live workers of each pool hold; removes dead workers.
local function slots_by_pool()
  for _, gone in ipairs(redis.call('ZRANGEBYSCORE', KEYS.workers, '-inf', now)) do
    redis.call('ZREM', KEYS.workers, gone)
    redis.call('HDEL', KEYS.slots, gone)
  end
  local held = {}
  for _, value in ipairs(redis.call('HVALS', KEYS.slots)) do
    local number, pool = value:match('^(%d+)|?(.*)$')
    pool = pool == '' and 'default' or pool
    held[pool] = (held[pool] or 0) + tonumber(number)
  end
  return held
end

-- Returns the slots that the workers of a pool may hold. Other pools note theirs when a worker joins.
local function fleet_of(pool)
  if pool == 'default' then return ARGV.fleet end
  return tonumber(redis.call('HGET', KEYS.pools, pool .. '|fleet') or '') or math.huge
end
