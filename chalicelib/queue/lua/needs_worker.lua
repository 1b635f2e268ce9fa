-- Return the pools in which jobs wait that no worker serves, each at most once a second.
--@include gate parked wake
--@keys leases:zset scheduled:zset retrying:zset suspended:zset
--@reply {epoch, seq, {pools to invoke}} | {-1} closed
if closed() then return {CLOSED} end
local held, late, pools = slots_by_pool(), {}, {'default'}
for _, key in ipairs({KEYS.leases, KEYS.scheduled, KEYS.retrying, KEYS.suspended}) do
  late.default = late.default or redis.call('ZRANGEBYSCORE', key, '-inf', int(now), 'LIMIT', 0, 1)[1] ~= nil
end
for _, key in ipairs(redis.call('ZRANGEBYSCORE', KEYS.timed, '-inf', int(now), 'LIMIT', 0, 100)) do
  for _, line in ipairs(lines_at(key)) do late[pool_of(line)] = late[pool_of(line)] or not is_resumed(line) end
end
for _, field in ipairs(redis.call('HKEYS', KEYS.pools)) do
  if not field:find('|', 1, true) then pools[#pools + 1] = field end
end
for _, pool in ipairs(pools) do
  local slots = held[pool] or 0
  if (has_ready(pool) and slots < fleet_of(pool)) or (late[pool] and slots == 0) then invoke(pool) end
end
return {tonumber(epoch), seq, to_invoke}
