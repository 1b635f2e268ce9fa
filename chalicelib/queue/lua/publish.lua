-- Append events to the log and publish them; the queue does not change.
-- A tenant whose events fill more than its share of the log within a minute is published live only: the log has `resync`
-- in their place, so a client that resumes reloads the state, and the events of other tenants stay.
--@include events
--@keys log_shares:hash
--@args share_bytes:int
--@item owner_id tenant_id event
--@reply {epoch, seq} | {-1} closed
-- `share_bytes`: a tenant's share, in bytes a minute.
if closed() then return {CLOSED} end
local function shortened(id, message, tenant)
  local used = redis.call('HINCRBY', KEYS.log_shares, tenant, #message)
  if redis.call('TTL', KEYS.log_shares) < 0 then redis.call('EXPIRE', KEYS.log_shares, 60) end
  if used > ARGV.share_bytes then
    return '{"id":"' .. id .. '","type":"resync","data":{"lastEventId":"' .. id .. '"}}'
  end
end
while next_item() do append(ITEM.owner_id, ITEM.tenant_id, ITEM.event, shortened) end
return finish()
