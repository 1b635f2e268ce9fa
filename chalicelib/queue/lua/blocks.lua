-- Return whether instances let a job begin now.
--@include gate instances pauses
--@args queue
--@item instance
--@reply {epoch, seq, which pause holds for the queue (0 = none), {1 when paused, most or -1, held, next token ms or -1, …}}
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
local _, pause = pause_of(ARGV.queue)
return {tonumber(epoch), seq, pause or 0, found}
