-- Note changes about to be written to MongoDB. Their scripts take the notes back; what stays tells of a dead call.
--@include gate
--@keys intents:zset
--@item note
--@reply {epoch, seq} | {-1} closed
if closed() then return {CLOSED} end
while next_item() do redis.call('ZADD', KEYS.intents, int(now), ITEM.note) end
return mark()
