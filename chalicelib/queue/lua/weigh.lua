-- Set the weights of tenants.
--@include gate
--@keys costs:hash
--@item tenant weight
--@reply {epoch, seq} | {-1} closed
-- `weight`: '' deletes it, so it is 1.
if closed() then return {CLOSED} end
while next_item() do
  if ITEM.weight == '' then
    redis.call('HDEL', KEYS.costs, ITEM.tenant)
  else
    redis.call('HSET', KEYS.costs, ITEM.tenant, ITEM.weight)
  end
end
return mark()
