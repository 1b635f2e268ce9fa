-- Pools: each has a number, which orders keys by pool, and a fleet with its slots.
--@keys pools:hash
local MOST_POOLS = 127
local pool_numbers = {default = 0}

-- Returns the number of a pool; a new pool gets the next one. Pools that are too many share the last number.
local function pool_number(pool)
  if not pool_numbers[pool] then
    local number = tonumber(redis.call('HGET', KEYS.pools, pool) or '')
    if not number then
      number = math.min(redis.call('HINCRBY', KEYS.pools, '|last', 1), MOST_POOLS)
      redis.call('HSET', KEYS.pools, pool, number)
    end
    pool_numbers[pool] = number
  end
  return pool_numbers[pool]
end

-- Returns the scores from `number * span` to the next pool's, as limits of a range.
local function pool_range(pool, span)
  local number = pool_number(pool)
  return int(number * span), '(' .. int((number + 1) * span)
end
