-- Append events to the log and publish them; the queue stays as it is.
-- A tenant whose events fill more than its share of the log within a minute is told live only: the log has `resync`
-- in their place, so that whoever resumes reads the state anew, and the events of others stay.
--
-- KEYS[1..4] see prelude
-- ARGV[1..5] see prelude
-- ARGV[6] a tenant's share a minute, bytes   then events (see emit)
-- Returns {epoch, seq} or {-1}.
if closed() then return {CLOSED} end
local share, shares = tonumber(take()), KEYS[4] .. 'shares'
emit(true, nil, nil, function(id, message, tenant)
  local used = redis.call('HINCRBY', shares, tenant, #message)
  if redis.call('TTL', shares) < 0 then redis.call('EXPIRE', shares, 60) end
  if used > share then
    return '{"id":"' .. id .. '","type":"resync","data":{"lastEventId":"' .. id .. '"}}'
  end
end)
return finish()
