-- Renew a worker and its leases; tell which it lost and which are to stop.
--
-- KEYS[1..4] see prelude
-- KEYS[5] leases (zset)   KEYS[6] tokens (hash)   KEYS[7] cancels (zset)   KEYS[8] workers (zset)
-- KEYS[9] worker:<id> (string)   KEYS[10] slots (hash)
-- ARGV[1..5] see prelude
-- ARGV[6] worker   ARGV[7] lease, ms   ARGV[8] what it says of itself (JSON)
-- then for each lease: id, token
-- Returns {epoch, seq, 1 while the worker holds slots else 0, {lost ids}, {ids to cancel}} or {-1}.
if closed() then return {CLOSED} end
local worker, lease, about = take(), tonumber(take()), take()
local ends, lost, cancel = int(now + lease), {}, {}
while more() do
  local id, token = take(), take()
  local held = redis.call('HGET', KEYS[6], id)
  if held and held:sub(1, #token + 1) == token .. '|' then
    redis.call('ZADD', KEYS[5], ends, id)
    if redis.call('ZSCORE', KEYS[7], id) then cancel[#cancel + 1] = id end
  else
    lost[#lost + 1] = id
  end
end
local member = redis.call('HEXISTS', KEYS[10], worker)
if member == 1 then redis.call('ZADD', KEYS[8], ends, worker) end
redis.call('SET', KEYS[9], about, 'PX', lease * 4)
return {tonumber(epoch), seq, member, lost, cancel}
