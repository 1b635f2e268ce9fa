-- Compare the counts of open jobs with the sets that hold the jobs, and return the differences: a key was lost alone.
--@include gate lanes leases
--@keys all_counts:hash scheduled:zset retrying:zset
--@args lanes_limit:int
--@reply {epoch, seq, {difference, …}} | {-1} closed
-- With more than `lanes_limit` lanes, ready jobs are not compared. Cost: O(lanes).
if closed() then return {CLOSED} end
local wrong = {}
local function compare(what, counted, found)
  if counted ~= found then wrong[#wrong + 1] = what .. ': ' .. int(counted) .. ' counted, ' .. int(found) .. ' found' end
end
local counted = redis.call('HMGET', KEYS.all_counts, 'scheduled', 'retrying', 'pending', 'running')
for n = 1, 4 do counted[n] = tonumber(counted[n] or '0') end
compare('scheduled', counted[1], redis.call('ZCARD', KEYS.scheduled))
compare('retrying', counted[2], redis.call('ZCARD', KEYS.retrying))
local leased = redis.call('HLEN', KEYS.tokens)
compare('leases', leased, redis.call('ZCARD', KEYS.leases))
compare('pending and running', counted[3] + counted[4], redis.call('ZCARD', KEYS.ready) + leased)
if redis.call('ZCARD', KEYS.lanes) + redis.call('SCARD', KEYS.paused) <= ARGV.lanes_limit then
  local ready = 0
  for _, lane in ipairs(redis.call('ZRANGE', KEYS.lanes, 0, -1)) do ready = ready + ready_in(lane) end
  for _, lane in ipairs(redis.call('SMEMBERS', KEYS.paused)) do ready = ready + ready_in(lane) end
  compare('ready, by lane', redis.call('ZCARD', KEYS.ready), ready)
end
local last = redis.call('ZRANGE', KEYS.lanes, -1, -1, 'WITHSCORES')[2]
if last and tonumber(last) > tonumber(redis.call('GET', KEYS.turn) or '0') then wrong[#wrong + 1] = 'turn' end
return {tonumber(epoch), seq, wrong}
