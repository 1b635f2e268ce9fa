-- Pauses of a queue (`tenant/queue`), of all queues of a tenant (`tenant/`) and of all queues that there are (`*/`).
--@keys paused:set
local EVERYTHING = '*/'
local is_pausing

local function tenant_of(source) return source:match('^[^/]*/') end

-- Returns the pause that holds for a queue, and its number: 1 its own, 2 its tenant's, 3 that of everything. Nil: none.
local function pause_of(source)
  if is_pausing == nil then is_pausing = redis.call('EXISTS', KEYS.paused) == 1 end
  if not is_pausing then return nil end
  for n, pause in ipairs({source, tenant_of(source), EVERYTHING}) do
    if redis.call('SISMEMBER', KEYS.paused, pause) == 1 then return pause, n end
  end
end
