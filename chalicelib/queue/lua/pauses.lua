-- Pauses of a queue (`tenant/queue`), of all queues of a tenant (`tenant/`) and of all queues that there are (`*/`); of a
-- task in a tenant (`tenant/~task.name`) and in all (`*/~task.name`).
--@keys paused:set
local EVERYTHING = '*/'
local is_pausing

local function tenant_of(source) return source:match('^[^/]*/') end

-- Returns the pauses under which the jobs of an instance wait, if it stands for a task whose jobs met a pause.
local function task_pauses(key)
  local task = key:match('^[^/]*/(~task%..*)$')
  return task and {key, EVERYTHING .. task} or {}
end

-- Returns the pause that holds for a queue, and its number: 1 its own, 2 its tenant's, 3 that of everything. Nil: none.
local function pause_of(source)
  if is_pausing == nil then is_pausing = redis.call('EXISTS', KEYS.paused) == 1 end
  if not is_pausing then return nil end
  for n, pause in ipairs({source, tenant_of(source), EVERYTHING}) do
    if redis.call('SISMEMBER', KEYS.paused, pause) == 1 then return pause, n end
  end
end

-- Returns the pause of a task that holds for a lane with these instances. Call `pause_of` before.
local function task_pause_of(instances)
  if not is_pausing then return nil end
  for _, key in ipairs(instances) do
    for _, pause in ipairs(task_pauses(key)) do
      if redis.call('SISMEMBER', KEYS.paused, pause) == 1 then return pause end
    end
  end
end
