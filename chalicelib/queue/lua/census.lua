-- Compare the counts of open jobs with the sets that hold the jobs, and return the differences: a key was lost alone.
--@include gate lanes leases parked
--@keys all_counts:hash blocked:set scheduled:zset retrying:zset suspended:zset
--@args lanes_limit:int
--@reply {epoch, seq, {difference, …}} | {-1} closed
-- With more than `lanes_limit` lanes, or leases, these are not compared. Cost: O(lanes + leases).
if closed() then return {CLOSED} end
local wrong = {}
local function compare(what, counted, found)
  if counted ~= found then wrong[#wrong + 1] = what .. ': ' .. int(counted) .. ' counted, ' .. int(found) .. ' found' end
end
local counted = redis.call('HMGET', KEYS.all_counts, 'scheduled', 'retrying', 'pending', 'running', 'blocked', 'waiting')
for n = 1, 6 do counted[n] = tonumber(counted[n] or '0') end
compare('scheduled', counted[1], redis.call('ZCARD', KEYS.scheduled))
compare('retrying', counted[2], redis.call('ZCARD', KEYS.retrying))
compare('blocked', counted[5], redis.call('SCARD', KEYS.blocked))
compare('waiting', counted[6], redis.call('ZCARD', KEYS.suspended))
local leased = redis.call('HLEN', KEYS.tokens)
compare('leases', leased, redis.call('ZCARD', KEYS.leases))
compare('pending and running', counted[3] + counted[4], redis.call('ZCARD', KEYS.ready) + leased)
compare('groups', redis.call('EXISTS', KEYS.lanes), redis.call('EXISTS', KEYS.groups))
if redis.call('HLEN', KEYS.numbers) <= ARGV.lanes_limit then
  local ready, rotating, parked, groups = 0, 0, 0, {}
  local all = redis.call('HGETALL', KEYS.numbers)
  for n = 1, #all, 2 do
    if all[n] ~= 'last' then
      numbers[all[n]] = all[n + 1]
      local _, where = number_of(all[n])
      ready = ready + ready_in(all[n])
      if where == PARKED then parked = parked + 1 else rotating = rotating + 1 end
    end
  end
  for _, member in ipairs(redis.call('ZRANGE', KEYS.parked, 0, -1)) do
    local owner = member:match('^[^%z]*')
    if is_line_of_groups(owner) then groups[#groups + 1] = member end
  end
  compare('ready, by lane', redis.call('ZCARD', KEYS.ready), ready)
  compare('lanes in the rotation', rotating, redis.call('ZCARD', KEYS.lanes))
  compare('parked lanes', parked, redis.call('ZCARD', KEYS.parked) - #groups)
end
if leased <= ARGV.lanes_limit then
  local holding = 0
  for _, token in ipairs(redis.call('HVALS', KEYS.tokens)) do
    holding = holding + #parts(token:match('^[^|]*|[^|]*|[^|]*|[^|]*|(.*)$')).instances
  end
  compare('holders of limits', holding, redis.call('ZCARD', KEYS.holders))
end
return {tonumber(epoch), seq, wrong}
