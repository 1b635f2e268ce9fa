-- Return whether instances let a job begin now.
--@include gate instances
--@keys paused:set
--@args queue
--@item instance
--@reply {epoch, seq, 1 when the queue is paused else 0, {1 when paused, most or -1, held, next token ms or -1, …}}
-- `queue`: `tenant/queue`.
if closed() then return {CLOSED} end
local found = {}
while next_item() do
  local state = state_of(ITEM.instance)
  local room, due = room_of(state)
  for _, value in ipairs({state.paused and 1 or 0, state.most or -1, held_by(ITEM.instance), due or -1}) do
    found[#found + 1] = value
  end
end
return {tonumber(epoch), seq, redis.call('SISMEMBER', KEYS.paused, ARGV.queue), found}
