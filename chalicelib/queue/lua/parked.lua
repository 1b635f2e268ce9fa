-- Lanes that are not in the rotation because they must not give a job. They are parked at an instance that is full, paused
-- or has used up its rate, or at a pause (its name and 0x04), in lines.
--@include lanes instances lines timed
local TURN = 1000 -- of a group with weight 1 at a shared instance

-- Has an instance kicked at `due`, in ms, when its rate allows the next job.
local function kick_at(key, due)
  redis.call('ZADD', KEYS.timed, int(due), key)
  first_timed = math.min(first_timed or due, due)
end

-- Parks a lane that has left the rotation. `due`: as in `kick_at`, if only the rate of the instance is used up.
local function park(lane, key, due)
  set_where(lane, PARKED)
  if due then kick_at(key, due) end
  local at = parts(lane)
  local line, group = line_of(key, at.pool, at.resumed), at.group
  if not is_shared(key) then return append_to(KEYS.parked, line, lane) end
  local own = group_line(line, group)
  if not first_of(KEYS.parked, own, 1)[1] then
    local head = first_of(KEYS.parked, line, 1)[1]
    redis.call('ZADD', KEYS.parked, 0, tagged(line, head and tag_of(line, head) + TURN or 0, group))
  end
  append_to(KEYS.parked, own, lane)
end

-- Takes away the lane that is next in a line, or nil.
local function next_parked(line)
  local first = first_of(KEYS.parked, line, 1)[1]
  if not first then return nil end
  if not is_shared(line) then
    redis.call('ZREM', KEYS.parked, first)
    return name_of(line, first)
  end
  local group = name_of(line, first)
  local own = group_line(line, group)
  local lanes = first_of(KEYS.parked, own, 2)
  redis.call('ZREM', KEYS.parked, first, lanes[1] or '')
  if lanes[2] then
    local turn = math.ceil(TURN / weight(group:match('/(.*)$')))
    redis.call('ZADD', KEYS.parked, 0, tagged(line, tag_of(line, first) + turn, group))
  end
  return lanes[1] and name_of(own, lanes[1])
end

-- Returns a lane to the rotation.
local function let_in(lane, where)
  set_where(lane, where or '')
  enter_lane(lane)
  note_ready(lane)
end
