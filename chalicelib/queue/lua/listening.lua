-- Workers that listen: they have free slots, and claim when they are woken and when a rate allows a job.
--@include clock pools
--@keys waiting:zset workers:zset
-- Scores of `waiting` have the number of the pool above the time.
local LISTENS = 2 ^ 44

-- Returns workers of a pool that listen, at most `most`; some may have died.
local function listening(pool, most)
  local low, high = pool_range(pool, LISTENS)
  return redis.call('ZRANGEBYSCORE', KEYS.waiting, '(' .. int(low + now), high, 'LIMIT', 0, most)
end

-- Returns how many workers of a pool listen and live, without one of them and among the first hundred.
local function alive_besides(own, pool)
  local alive = 0
  for _, worker in ipairs(listening(pool, 100)) do
    local is_alive = tonumber(redis.call('ZSCORE', KEYS.workers, worker) or '0') > now
    if worker ~= own and is_alive then alive = alive + 1 end
  end
  return alive
end
