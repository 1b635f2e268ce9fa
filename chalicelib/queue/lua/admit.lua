-- Let a user create jobs, or say which limit refuses: sliding window, then active jobs, then what the tenant may have.
-- One step for all.
-- A replay changes nothing: jobs that were let in before are not counted again.
--
-- KEYS[1..4] see prelude
-- KEYS[5] rate:<owner> (zset)     KEYS[6] active:<owner> (zset)   KEYS[7] intents (zset)
-- ARGV[1..5] see prelude
-- ARGV[6] tenant   ARGV[7] owner   ARGV[8] window, ms   ARGV[9] attempts per window (0 = no limit)
-- ARGV[10] active jobs allowed (0 = no limit)   ARGV[11] how many of the jobs become active at once
-- ARGV[12] how long a reservation holds, ms     ARGV[13] what follows the id in a job's note
-- ARGV[14] open jobs and ARGV[15] queues with some that a tenant may have (0 = no limit)
-- ARGV[16] how many queues the jobs are for, then their names, then the jobs' ids
-- Returns {0, 0}, {1, ms until the window has room}, {2, active jobs}, {3, open jobs}, {4, queues} or {-1, 0} when
-- closed.
-- The window is a log of attempts (a zset by time): exact, at most ARGV[9] entries.
if closed() then return {CLOSED, 0} end
local tenant, owner, window, rate, limit = take(), take(), tonumber(take()), tonumber(take()), tonumber(take())
local active, reserve, suffix = tonumber(take()), tonumber(take()), take()
local most_open, most_queues, unknown = tonumber(take()), tonumber(take()), 0
local names = tonumber(take())
for n = cursor + 1, cursor + names do
  unknown = unknown + 1 - redis.call('HEXISTS', KEYS[4] .. 'q:' .. tenant, ARGV[n])
end
cursor = cursor + names
local function absent(key, number)
  local found = 0
  for n = cursor + 1, cursor + number do
    if not redis.call('ZSCORE', key, ARGV[n]) then found = found + 1 end
  end
  return found
end
if rate > 0 then
  redis.call('ZREMRANGEBYSCORE', KEYS[5], '-inf', int(now - window))
  local used, jobs = redis.call('ZCARD', KEYS[5]), absent(KEYS[5], #ARGV - cursor)
  if jobs > 0 and used + jobs > rate then
    count(owner, tenant, 'rate_hits', 1)
    finish()
    local pivot = math.min(used + jobs - rate, used) - 1
    local oldest = redis.call('ZRANGE', KEYS[5], pivot, pivot, 'WITHSCORES')
    return {1, oldest[2] and tonumber(oldest[2]) + window - now or window}
  end
  for n = cursor + 1, #ARGV do redis.call('ZADD', KEYS[5], 'NX', int(now), ARGV[n]) end
  redis.call('PEXPIRE', KEYS[5], window)
end
local open = 0
for _, number in ipairs(redis.call('HMGET', KEYS[4] .. 't:' .. tenant, 'scheduled', 'pending', 'running', 'retrying')) do
  open = open + (tonumber(number or '') or 0)
end
if most_open > 0 and open + #ARGV - cursor > most_open then return {3, open} end
local queues = unknown > 0 and redis.call('HLEN', KEYS[4] .. 'q:' .. tenant) or 0
if most_queues > 0 and unknown > 0 and queues + unknown > most_queues then return {4, queues} end
if limit > 0 and active > 0 then
  redis.call('ZREMRANGEBYSCORE', KEYS[6], '-inf', int(now))
  local used, new = redis.call('ZCARD', KEYS[6]), absent(KEYS[6], active)
  if new > 0 and used + new > limit then
    count(owner, tenant, 'rate_hits', 1)
    finish()
    return {2, used}
  end
  for n = cursor + 1, cursor + active do redis.call('ZADD', KEYS[6], 'GT', int(now + reserve), ARGV[n]) end
end
for n = cursor + 1, #ARGV do redis.call('ZADD', KEYS[7], int(now), ARGV[n] .. suffix) end
return {0, 0}
