-- Return how many jobs hold instances of limits, and how many wait at them.
--@include gate lanes instances lines
--@args lanes_limit:int
--@item instance keyed
--@reply {epoch, seq, {held, waiting, 1 when lanes were left out else 0, next token ms or -1, …}} | {-1} closed
-- `keyed`: 1 = all instances of a limit with keys; then `instance` is without a key. `lanes_limit`: parked lanes to count.
if closed() then return {CLOSED} end
local left, found = ARGV.lanes_limit, {}

-- Returns the lane of a member of `parked`, nil for one of a group at a shared instance.
local function lane_in(member)
  local owner = member:match('^[^%z]*')
  if is_line_of_groups(owner) then return nil end
  return name_of(owner, member)
end

local function waiting_in(from, to)
  local members, jobs = redis.call('ZRANGE', KEYS.parked, from, to, 'BYLEX', 'LIMIT', 0, left + 1), 0
  local is_cut = #members > left
  for n = 1, math.min(#members, left) do
    local lane = lane_in(members[n])
    if lane then jobs = jobs + ready_in(lane) end
  end
  left = math.max(0, left - #members)
  return jobs, is_cut and 1 or 0
end

while next_item() do
  local key, due = ITEM.instance, nil
  local from, to = '[' .. key .. '\0', '(' .. key .. '\3'
  if ITEM.keyed == '1' then
    from, to = '[' .. key .. ':', '(' .. key .. ';' -- `;` follows `:` in ASCII
  else
    local _, at = room_of(state_of(key))
    due = at
  end
  local waiting, is_cut = waiting_in(from, to)
  for _, value in ipairs({redis.call('ZLEXCOUNT', KEYS.holders, from, to), waiting, is_cut, due or -1}) do
    found[#found + 1] = value
  end
end
return {tonumber(epoch), seq, found}
