-- Counts jobs by state, and totals, for owner, tenant and all. Open jobs are also counted by queue.
--@include clock names
--@keys all_counts:hash
--@owner owner_counts:hash tenant_counts:hash queue_counts:hash state_counts:hash
local OPEN = {blocked = true, scheduled = true, pending = true, running = true, retrying = true, waiting = true}
local tallies = {}

-- Adds to the counts that `write_counts` writes. `lane` is that of an open job, if the field is a state.
local function count(owner, field, by, lane)
  local tally = tallies[owner]
  if not tally then
    tally = {fields = {}, queues = {}}
    tallies[owner] = tally
  end
  tally.fields[field] = (tally.fields[field] or 0) + by
  if not (lane and OPEN[field]) then return end
  local queue = parts(lane).queue
  tally.queues[queue] = tally.queues[queue] or {}
  tally.queues[queue][field] = (tally.queues[queue][field] or 0) + by
end

-- The scopes of counts: what is counted for an owner is counted in each of them.
local function scopes(owner) return {KEYS.all_counts, OWNER.owner_counts[owner], OWNER.tenant_counts[owner]} end

-- Changes a count by queue, which is deleted when it reaches 0, with its last job. Returns whether it was deleted.
local function count_queue(key, field, by)
  local was_last = by ~= 0 and redis.call('HINCRBY', key, field, by) <= 0
  if was_last then redis.call('HDEL', key, field) end
  return was_last
end

-- Writes the counts; a script that counts calls it once, at its end. Returns the queues without open jobs, as
-- `tenant/queue`.
local function write_counts()
  local empty = {}
  for owner, tally in pairs(tallies) do
    for _, key in ipairs(scopes(owner)) do
      -- missing counts are those of a new owner, or lost: the sweep decides by the time at which they began
      if redis.call('EXISTS', key) == 0 then redis.call('HSET', key, 'since', int(now)) end
      for field, by in pairs(tally.fields) do
        if by ~= 0 then redis.call('HINCRBY', key, field, by) end
      end
    end
    for queue, by_state in pairs(tally.queues) do
      local open = 0
      for state, by in pairs(by_state) do
        open = open + by
        if state ~= 'pending' then count_queue(OWNER.state_counts[owner], queue .. '|' .. state, by) end
      end
      if count_queue(OWNER.queue_counts[owner], queue, open) then
        empty[#empty + 1] = OWNER.tenant[owner] .. '/' .. queue
      end
    end
  end
  return empty
end
