-- Wakes workers when jobs become ready.
--@include slots
--@keys waiting:zset waking:string
--@args wake_prefix

-- Returns whether to invoke a worker: not if one was invoked within the last second.
local function may_invoke() return redis.call('SET', KEYS.waking, '1', 'NX', 'PX', 1000) and true or false end

-- Wakes up to `jobs` listening workers. Returns 1 when too few listen and a new worker should be invoked.
local function wake(jobs, fleet)
  local woken = 0
  for _, worker in ipairs(redis.call('ZRANGEBYSCORE', KEYS.waiting, '(' .. int(now), '+inf', 'LIMIT', 0, jobs)) do
    redis.call('ZREM', KEYS.waiting, worker)
    redis.call('PUBLISH', ARGV.wake_prefix .. worker, 'w')
    woken = woken + 1
  end
  if woken >= jobs or slots_held() >= fleet then return 0 end
  return may_invoke() and 1 or 0
end
