-- Kicks: lanes that are parked at an instance or a pause return to the rotation.
--@include parked
--@keys paused:set
local MOST_EMPTY = 100 -- lanes looked at in one kick; the last one returns in any case, and whoever claims it kicks again

-- Returns the next lane with ready jobs in a line, or nil.
local function next_with_jobs(line)
  for _ = 1, MOST_EMPTY do
    local lane = next_parked(line)
    if not lane or ready_in(lane) > 0 then return lane end
    drop_number(lane)
  end
  return next_parked(line)
end

-- Returns all lanes of a line, or a hundred; the last of more is marked: whoever claims it continues.
local function resume_line(line)
  for _ = 1, MOST_EMPTY do
    local lane = next_parked(line)
    if not lane then return end
    if ready_in(lane) > 0 then let_in(lane) else drop_number(lane) end
  end
  local last = next_parked(line)
  if last then let_in(last, MORE) end
end

-- Returns one lane of each line to the rotation if its instance has room, at once or when its rate allows. The next lane
-- follows when jobs of this one are claimed. A cap that was lifted lets all lanes in, since none follows another any more.
local function kick(key)
  local tenant = tenant_capped(key)
  local is_lifted = tenant and not cap_of(tenant)
  for _, line in ipairs(lines_at(key)) do
    if is_lifted then
      resume_line(line)
    elseif first_of(KEYS.parked, line, 1)[1] then
      local room, due = room_of(state_of(key), is_resumed(line))
      if due then kick_at(key, due) end
      local lane = room > 0 and next_with_jobs(line)
      if lane then let_in(lane) end
    end
  end
end

-- Returns the lanes of a queue that is not paused any more.
local function resume(source)
  if redis.call('SISMEMBER', KEYS.paused, source) == 1 then return end
  for _, line in ipairs(lines_at(pause_key(source))) do resume_line(line) end
end
