-- Appends the events of an item; all belong to one owner.
--@include events
local function emit(wanted, owner)
  for _ = 1, tonumber(take()) do
    local tail = take()
    if wanted then append(OWNER.id[owner], OWNER.tenant[owner], tail) end
  end
end
