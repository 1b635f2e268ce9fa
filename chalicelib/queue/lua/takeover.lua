-- Take over leases that ran out, under a token of one's own, so that one recovers each lost job.
--
-- KEYS[1..4] see prelude
-- KEYS[5] leases (zset)   KEYS[6] tokens (hash)
-- ARGV[1..5] see prelude
-- ARGV[6] token   ARGV[7] lease, ms   ARGV[8] how many at most
-- Returns {epoch, seq, {id, its lease's state (p | r), …}} or {-1}.
if closed() then return {CLOSED} end
local token, lease, most = take(), tonumber(take()), tonumber(take())
local taken = {}
for _, id in ipairs(redis.call('ZRANGEBYSCORE', KEYS[5], '-inf', int(now), 'LIMIT', 0, most)) do
  local held = redis.call('HGET', KEYS[6], id)
  if held then
    redis.call('HSET', KEYS[6], id, token .. held:sub(held:find('|', 1, true), -1))
    redis.call('ZADD', KEYS[5], int(now + lease), id)
    taken[#taken + 1] = id
    taken[#taken + 1] = held:match('^[^|]*|(%a)')
  else
    redis.call('ZREM', KEYS[5], id)
  end
end
return {tonumber(epoch), seq, taken}
