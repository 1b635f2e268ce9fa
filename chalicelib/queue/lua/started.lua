-- Tell that leased jobs run. Only the holder of the lease may; once.
--
-- KEYS[1..4] see prelude
-- KEYS[5] tokens (hash)
-- ARGV[1..5] see prelude
-- then for each job: id, token, owner, tenant, events (see emit)
-- Returns {epoch, seq, {1 | 0 (stale) for each job, …}} or {-1}.
if closed() then return {CLOSED} end
local results = {}
while more() do
  local id, token, owner, tenant = take(), take(), take(), take()
  local held = redis.call('HGET', KEYS[5], id)
  local fresh = held and held:sub(1, #token + 3) == token .. '|p|'
  if fresh then
    redis.call('HSET', KEYS[5], id, token .. '|r|' .. held:sub(#token + 4))
    local lane = held:match('[^|]*$')
    count(owner, tenant, 'pending', -1, lane)
    count(owner, tenant, 'running', 1, lane)
  end
  emit(fresh, owner, tenant)
  results[#results + 1] = fresh and 1 or 0
end
local mark = finish()
return {mark[1], mark[2], results}
