-- The turn of a group: its first lanes give their first jobs.
--@include kicks grants rates pauses
--@args token free:int
-- How many jobs a claim took from lanes, and how many lanes it visited; whether it met a lane with a rate after `free`
-- jobs.
local took, visits, is_cut = 0, 0, false
local MOST_VISITS = 1000 -- in one claim

-- Returns how many jobs, at most `most`, the instances of a lane let begin; 0 and the instance that does not, with the
-- time at which it will if only its rate is used up. Without an instance, a job with a rate would be claimed ahead.
local function allowed(instances, resumed, most)
  local dry, dry_until, has_rate
  for _, key in ipairs(instances) do
    local state = state_of(key)
    local room, due = room_of(state, resumed)
    if room < 1 and not due then return 0, key end
    if due and due > (dry_until or 0) then dry, dry_until = key, due end
    has_rate = has_rate or state.interval and not resumed
    most = math.min(most, room)
  end
  if dry then return 0, dry, dry_until end
  return has_rate and math.max(0, math.min(most, ARGV.free - took)) or most
end

-- Takes a lane out of the rotation because of one instance, which it may have a place of others for no longer.
local function block(lane, instances, key, due)
  park(lane, key, due)
  for _, other in ipairs(instances) do
    if other ~= key then kick_later(other) end
  end
end

-- Takes jobs from a lane that fall under instances. Returns their members, and whether the lane stays in the rotation; nil
-- to end the claim.
local function take_turn(lane, instances, most)
  local at, number, where = parts(lane), number_of(lane)
  if not number then return {}, false end
  if where == MORE then
    set_number(lane, number, '')
    for _, source in ipairs({at.source, tenant_of(at.source), EVERYTHING}) do kick_later(pause_key(source)) end
    for _, key in ipairs(at.instances) do
      for _, pause in ipairs(task_pauses(key)) do kick_later(pause_key(pause)) end
    end
    kick_later(cap_key(at.tenant))
  end
  local pause = pause_of(at.source) or task_pause_of(instances)
  if pause then
    block(lane, instances, pause_key(pause))
    return {}, false
  end
  local key, due
  if #instances > 0 then most, key, due = allowed(instances, at.resumed, most) end
  if key then
    block(lane, instances, key, due)
    return {}, false
  end
  if most < 1 then return nil end
  local members, more = first_in(number, most)
  took = took + #members
  for _, each in ipairs(instances) do
    if #members > 0 then begin_under(state_of(each), #members, at.resumed) end
    kick_later(each)
  end
  if not more then drop_number(lane) end
  return members, more
end
