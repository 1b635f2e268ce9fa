-- Hold the counts of all open jobs against the places where they are: what does not fit, since a key was lost alone.
--
-- KEYS[1..4] see prelude
-- KEYS[5] lanes (zset)      KEYS[6] paused (set)    KEYS[7] ready prefix   KEYS[8] scheduled (zset)
-- KEYS[9] retrying (zset)   KEYS[10] leases (zset)  KEYS[11] tokens (hash) KEYS[12] turn (string)
-- ARGV[1..5] see prelude
-- ARGV[6] beyond how many lanes ready jobs are not added up
-- Returns {epoch, seq, {what does not fit, …}} or {-1}.
-- Cost: O(lanes).
if closed() then return {CLOSED} end
local wrong = {}
local function compare(what, counted, found)
  if counted ~= found then wrong[#wrong + 1] = what .. ': ' .. int(counted) .. ' counted, ' .. int(found) .. ' found' end
end
local counted = redis.call('HMGET', KEYS[4] .. 'all', 'scheduled', 'retrying', 'pending', 'running')
for n = 1, 4 do counted[n] = tonumber(counted[n] or '0') end
compare('scheduled', counted[1], redis.call('ZCARD', KEYS[8]))
compare('retrying', counted[2], redis.call('ZCARD', KEYS[9]))
local leased = redis.call('HLEN', KEYS[11])
compare('leases', leased, redis.call('ZCARD', KEYS[10]))
if redis.call('ZCARD', KEYS[5]) + redis.call('SCARD', KEYS[6]) <= tonumber(take()) then
  local ready = 0
  for _, lane in ipairs(redis.call('ZRANGE', KEYS[5], 0, -1)) do ready = ready + redis.call('ZCARD', KEYS[7] .. lane) end
  for _, lane in ipairs(redis.call('SMEMBERS', KEYS[6])) do ready = ready + redis.call('ZCARD', KEYS[7] .. lane) end
  compare('pending and running', counted[3] + counted[4], ready + leased)
end
local last = redis.call('ZRANGE', KEYS[5], -1, -1, 'WITHSCORES')[2]
if last and tonumber(last) > tonumber(redis.call('GET', KEYS[12]) or '0') then wrong[#wrong + 1] = 'turn' end
local mark = finish()
return {mark[1], mark[2], wrong}
