-- The slot time that attempts took: corrects what claims charged to groups, and the averages of queues.
--@include rotation
local LEARN = 0.1 -- weight of one attempt in the average
local owed, samples = {}, {}

-- Notes an attempt that took `used` ms, 0 if it did not begin, and was charged `estimated` ms.
local function note_use(lane, used, estimated)
  local at = parts(lane)
  local debt = owed[at.group] or {at = at, ms = 0}
  debt.ms = debt.ms + used - estimated
  owed[at.group] = debt
  if used == 0 then return end
  local sample = samples[at.source] or {sum = 0, number = 0}
  sample.sum, sample.number = sample.sum + used, sample.number + 1
  samples[at.source] = sample
end

-- Writes the notes, once in a script. The averages of `empty` queues, which have no open jobs, are deleted.
local function write_use(empty)
  for _, source in ipairs(empty) do samples[source] = nil end
  forget_averages(empty)
  local sources, averages = {}, {}
  for source in pairs(samples) do sources[#sources + 1] = source end
  read_costs(sources)
  for _, source in ipairs(sources) do
    local sample, before = samples[source], costs[source]
    local mean, part = sample.sum / sample.number, before and 1 - (1 - LEARN) ^ sample.number or 1
    averages[#averages + 1] = source
    averages[#averages + 1] = string.format('%.2f', (before or 0) * (1 - part) + mean * part)
    costs[source] = tonumber(averages[#averages]) -- lanes that enter the rotation in this script have it
  end
  if #averages > 0 then redis.call('HSET', KEYS.costs, unpack(averages)) end
  for group, debt in pairs(owed) do
    if debt.ms ~= 0 then charge_group(group, debt.at.pool, debt.at.tenant, debt.ms) end
  end
end
