-- Note changes about to be written to MongoDB. The script of each change removes its note; one that stays belongs to a
-- call that died.
--@include gate
--@keys intents:zset
--@item note
--@reply {epoch, seq} | {-1} closed
if closed() then return {CLOSED} end
while next_item() do redis.call('ZADD', KEYS.intents, int(now), ITEM.note) end
return mark()
