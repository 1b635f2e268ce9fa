--!include lanes
-- Put open jobs back from their records while the queue is closed; what is there already stays.
--
-- KEYS[1] counts prefix    KEYS[2] lanes (zset)     KEYS[3] turn (string)   KEYS[4] paused (set)
-- KEYS[5] ready prefix     KEYS[6] scheduled (zset) KEYS[7] retrying (zset) KEYS[8] leases (zset)
-- KEYS[9] tokens (hash)    KEYS[10] active prefix   KEYS[11] rebuild (string)  KEYS[12] cancels (zset)
-- ARGV[1] token of the rebuild's lock
-- then for each job: id, lane, owner, tenant, state, score, due or end of lease ms, lease token, limited (1 = counts
-- as active), 1 when it is to stop
-- Returns how many were put back, or -1 when the lock is another's.
if redis.call('GET', KEYS[11]) ~= ARGV[1] then return -1 end
local keys = {lanes = KEYS[2], turn = KEYS[3], paused = KEYS[4], ready = KEYS[5]}
local restored = 0
for n = 2, #ARGV, 10 do
  local id, lane, owner, tenant, state = ARGV[n], ARGV[n + 1], ARGV[n + 2], ARGV[n + 3], ARGV[n + 4]
  local score, at, token, limited, stop = ARGV[n + 5], ARGV[n + 6], ARGV[n + 7], ARGV[n + 8], ARGV[n + 9]
  local known = redis.call('HEXISTS', KEYS[9], id) == 1 or redis.call('ZSCORE', KEYS[5] .. lane, id)
    or redis.call('ZSCORE', KEYS[6], id) or redis.call('ZSCORE', KEYS[7], id)
  if not known then
    if state == 'pending' then
      place(keys, lane, id, score)
    elseif state == 'running' then
      redis.call('ZADD', KEYS[8], at, id)
      if stop == '1' then redis.call('ZADD', KEYS[12], at, id) end
      redis.call('HSET', KEYS[9], id, token .. '|r|' .. score .. '|' .. lane)
    else
      redis.call('ZADD', state == 'scheduled' and KEYS[6] or KEYS[7], at, id)
    end
    if limited == '1' and state ~= 'scheduled' then redis.call('ZADD', KEYS[10] .. owner, '+inf', id) end
    for _, scope in ipairs({'o:' .. owner, 't:' .. tenant, 'all'}) do
      redis.call('HINCRBY', KEYS[1] .. scope, state, 1)
    end
    local queue = lane:sub(#tenant + 2)
    redis.call('HINCRBY', KEYS[1] .. 'q:' .. tenant, queue, 1)
    if state ~= 'pending' then redis.call('HINCRBY', KEYS[1] .. 's:' .. tenant, queue .. '|' .. state, 1) end
    restored = restored + 1
  end
end
return restored
