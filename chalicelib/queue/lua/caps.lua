-- Caps: how many jobs of a tenant may run at once. A cap is a limit instance under which all jobs of the tenant fall. The
-- lane of a lease has it, the lane in which a job waits does not: so a cap may come and go while jobs wait.
--@include names costs
local CAP = '~tenant' -- no limit has such a name
local BEFORE_CAP = '^([^/]*/[^/]*/[^/]*)/' .. CAP .. '\31?(.*)$'

local function cap_key(tenant) return tenant .. '/' .. CAP end

-- Returns the tenant whose cap an instance is, else nil.
local function tenant_capped(key) return key:match('^([^/]*)/' .. CAP .. '$') end

-- Returns the lane of a lease on a job of a lane: with the cap, if the tenant has one.
local function leased_lane(lane)
  local tenant = parts(lane).tenant
  if not cap_of(tenant) or lane:find(BEFORE_CAP) then return lane end
  local queue, rest = lane:match('^([^/]*/[^/]*/[^/]*)/?(.*)$')
  return queue .. '/' .. CAP .. (rest == '' and '' or '\31' .. rest)
end

-- Returns the lane in which a job waits, by that of its lease.
local function waiting_lane(lane)
  local queue, rest = lane:match(BEFORE_CAP)
  if not queue then return lane end
  return rest == '' and queue or queue .. '/' .. rest
end
