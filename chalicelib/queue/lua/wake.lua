-- Wakes workers when jobs become ready.
--@include slots names listening
--@keys waking:zset
--@args wake_prefix
-- The pools of which the caller should invoke a worker.
local to_invoke = {}

-- Asks the caller to invoke a worker of a pool, unless one was invoked within the last second.
local function invoke(pool)
  if tonumber(redis.call('ZSCORE', KEYS.waking, pool) or '0') > now then return end
  redis.call('ZADD', KEYS.waking, int(now + 1000), pool)
  redis.call('PEXPIRE', KEYS.waking, 1000)
  to_invoke[#to_invoke + 1] = pool
end

-- Wakes up to `jobs` listening workers of a pool. Returns how many.
local function wake_listening(pool, jobs)
  local found = listening(pool, jobs)
  for _, worker in ipairs(found) do
    redis.call('ZREM', KEYS.waiting, worker)
    redis.call('PUBLISH', ARGV.wake_prefix .. worker, 'w')
  end
  return #found
end

-- Wakes workers for jobs that became ready, and asks for a new one if too few listen and the fleet has slots.
local function wake(pool, jobs)
  if wake_listening(pool, jobs) >= jobs then return end
  if (slots_by_pool()[pool] or 0) < fleet_of(pool) then invoke(pool) end
end

-- Wakes workers for what became ready. Returns the pools of which to invoke one.
local function wake_all()
  for pool, number in pairs(became_ready) do wake(pool, number) end
  return to_invoke
end
