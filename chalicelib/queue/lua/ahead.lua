-- Reads what all items need in one command, before the first of them is handled.
local function each_item(visit)
  local from = cursor
  while next_item() do
    visit()
    local events = tonumber(take())
    cursor = cursor + events
  end
  cursor = from
end
