-- Admit new jobs of a user, or return the limit that refuses them. The order of checks: sliding window of the user;
-- submissions, open jobs and queues of the tenant; active jobs of the user.
-- A repeated call changes nothing: jobs that were admitted before are not counted again.
-- The window is a log of attempts (a zset by time): exact, at most `rate` entries.
--@include gate counts quotas
--@keys intents:zset
--@given attempts:zset
--@owner active:zset
--@args window_ms:int rate:int active_limit:int become_active:int reserve_ms:int note
--@args queues_limit:int queues:list
--@item owner:owner id
--@reply {0, 0} | {1, ms until the window has room} | {2, active jobs} | {3, open jobs allowed} | {-1, 0} closed
--@reply {4, queues} | {5, ms until the tenant may submit, jobs a minute allowed}
-- A limit of 0 is off. The first `become_active` jobs are active at once; a reservation expires after `reserve_ms`;
-- `note` follows the id in a job's intent; `queues` are the queues of the jobs.
if closed() then return {CLOSED, 0} end
local rate, limit, active = ARGV.rate, ARGV.active_limit, ARGV.become_active
local queues, owner, unknown, ids = take_list(), 1, 0, {} -- all jobs belong to one owner
while next_item() do ids[#ids + 1] = ITEM.id end
for _, queue in ipairs(queues) do
  unknown = unknown + 1 - redis.call('HEXISTS', OWNER.queue_counts[owner], queue)
end
local function absent(key, number)
  local found = 0
  for n = 1, number do
    if not redis.call('ZSCORE', key, ids[n]) then found = found + 1 end
  end
  return found
end
if rate > 0 then
  redis.call('ZREMRANGEBYSCORE', KEYS.attempts, '-inf', int(now - ARGV.window_ms))
  local used, jobs = redis.call('ZCARD', KEYS.attempts), absent(KEYS.attempts, #ids)
  if jobs > 0 and used + jobs > rate then
    count(owner, 'rate_hits', 1)
    write_counts()
    local pivot = math.min(used + jobs - rate, used) - 1
    local oldest = redis.call('ZRANGE', KEYS.attempts, pivot, pivot, 'WITHSCORES')
    return {1, oldest[2] and tonumber(oldest[2]) + ARGV.window_ms - now or ARGV.window_ms}
  end
  for _, id in ipairs(ids) do redis.call('ZADD', KEYS.attempts, 'NX', int(now), id) end
  redis.call('PEXPIRE', KEYS.attempts, ARGV.window_ms)
end
local per_minute, open_limit = quotas_of(OWNER.tenant[owner])
local submitted = 0
if per_minute > 0 then
  for _, id in ipairs(ids) do
    if not redis.call('ZSCORE', KEYS.intents, id .. ARGV.note) then submitted = submitted + 1 end
  end
  local wait = submitted > 0 and wait_for_room(submitted, per_minute) or 0
  if wait > 0 then
    count(owner, 'rate_hits', 1)
    write_counts()
    return {5, wait, per_minute}
  end
end
local open = 0
local states = {'blocked', 'scheduled', 'pending', 'running', 'retrying', 'waiting'}
for _, n in ipairs(redis.call('HMGET', OWNER.tenant_counts[owner], unpack(states))) do
  open = open + (tonumber(n or '') or 0)
end
if open_limit > 0 and open + #ids > open_limit then return {3, open_limit} end
local known = unknown > 0 and redis.call('HLEN', OWNER.queue_counts[owner]) or 0
if ARGV.queues_limit > 0 and unknown > 0 and known + unknown > ARGV.queues_limit then return {4, known} end
if limit > 0 and active > 0 then
  redis.call('ZREMRANGEBYSCORE', OWNER.active[owner], '-inf', int(now))
  local used, new = redis.call('ZCARD', OWNER.active[owner]), absent(OWNER.active[owner], active)
  if new > 0 and used + new > limit then
    count(owner, 'rate_hits', 1)
    write_counts()
    return {2, used}
  end
  for n = 1, active do redis.call('ZADD', OWNER.active[owner], 'GT', int(now + ARGV.reserve_ms), ids[n]) end
end
if submitted > 0 then count_submissions(submitted) end
for _, id in ipairs(ids) do redis.call('ZADD', KEYS.intents, int(now), id .. ARGV.note) end
return {0, 0}
