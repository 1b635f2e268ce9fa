-- Wakes workers when jobs become ready.
--@include slots
--@keys waiting:zset bell_prefix:list ringing:string

-- Whether to invoke a worker: not if one was invoked within the last second.
local function may_invoke() return redis.call('SET', KEYS.ringing, '1', 'NX', 'PX', 1000) and true or false end

-- Wakes up to `jobs` listening workers. Returns 1 when too few listen and a new worker should be invoked.
local function wake(jobs, fleet)
  local woken = 0
  for _, worker in ipairs(redis.call('ZRANGEBYSCORE', KEYS.waiting, '(' .. int(now), '+inf', 'LIMIT', 0, jobs)) do
    redis.call('ZREM', KEYS.waiting, worker)
    redis.call('LPUSH', KEYS.bell_prefix .. worker, 'w')
    redis.call('PEXPIRE', KEYS.bell_prefix .. worker, 60000)
    woken = woken + 1
  end
  if woken >= jobs or slots_held() >= fleet then return 0 end
  return may_invoke() and 1 or 0
end
