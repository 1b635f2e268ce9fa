-- Lines of parked lanes at an instance or a paused queue. Each pool has one there, which returns in the order in which it
-- came, and another one of lanes whose jobs go on after a wait: these need not wait until a rate lets the others begin. At
-- an instance that all tenants share, a line is one of groups, which take turns, and each group has a line of its lanes.
--@include names pools
--@keys parked:zset
local function is_shared(key) return key:sub(1, 2) == '*/' end
local function pause_key(source) return source .. '\4' end
local function line_of(key, pool, resumed)
  if resumed then return key .. '\2' .. pool .. '\5' end
  return pool == 'default' and key or key .. '\2' .. pool
end
local function pool_of(line) return line:match('\2([^\5]*)') or 'default' end
local function is_resumed(line) return line:sub(-1) == '\5' end

-- Whether the members of a line are groups, each of which has a line of its lanes.
local function is_line_of_groups(line) return is_shared(line) and not line:find('\1', 1, true) end
local function group_line(line, group) return line .. '\1' .. group end

-- Returns the lines at an instance that have lanes; the first one of the default pool in any case.
local function lines_at(key)
  local lines = {key}
  local from = key .. '\2'
  while true do
    local member = redis.call('ZRANGE', KEYS.parked, '[' .. from, '(' .. key .. '\3', 'BYLEX', 'LIMIT', 0, 1)[1]
    if not member then break end
    lines[#lines + 1] = member:match('^[^%z\1]*')
    from = lines[#lines] .. '\2'
  end
  return lines
end
