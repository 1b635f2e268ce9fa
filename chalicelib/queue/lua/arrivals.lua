-- Jobs that become ready.
--@include lanes
local arrivals = {}

-- Adds a job to its lane when `write_ready` is called. Returns whether the lane is in the rotation, so that a claim finds
-- the job.
local function put_ready_later(lane, id, place)
  local number, where = number_of(lane)
  arrivals[#arrivals + 1] = number or give_number(lane)
  arrivals[#arrivals + 1] = member_of(place, id)
  if not number then enter_lane(lane) end
  return where ~= PARKED
end

-- Writes the jobs that were added. To be called before anything asks what is ready.
local function write_ready()
  if #arrivals == 0 then return end
  redis.call('ZADD', KEYS.ready, unpack(arrivals))
  arrivals = {}
end

-- Adds a job to its lane. Returns whether the lane is in the rotation.
local function put_ready(lane, id, place)
  local in_rotation = put_ready_later(lane, id, place)
  write_ready()
  return in_rotation
end
