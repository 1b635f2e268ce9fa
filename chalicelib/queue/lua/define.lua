-- Set and delete definitions of limits. Instances with parked lanes must be kicked afterwards.
--@include gate
--@keys limits:hash
--@item field definition
--@reply {epoch, seq} | {-1} closed
-- `field`: `scope/name`, or `scope/name:` for instances with a key; `definition`: `concurrency|interval in ms|burst|paused`,
-- each '' for none, paused = 1 if it is; '' deletes it.
if closed() then return {CLOSED} end
while next_item() do
  if ITEM.definition == '' then
    redis.call('HDEL', KEYS.limits, ITEM.field)
  else
    redis.call('HSET', KEYS.limits, ITEM.field, ITEM.definition)
  end
end
return mark()
