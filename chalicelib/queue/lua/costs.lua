-- What turns cost: the average slot time of a queue's jobs, and the weights of tenants.
--@keys costs:hash
local UNKNOWN_MS = 100
local costs = {}

-- Reads the costs of queues (`tenant/queue`) and tenants in one call.
local function read_costs(names)
  local missing = {}
  for _, name in ipairs(names) do
    if costs[name] == nil then
      missing[#missing + 1] = name
      costs[name] = false
    end
  end
  if #missing == 0 then return end
  for n, found in ipairs(redis.call('HMGET', KEYS.costs, unpack(missing))) do
    costs[missing[n]] = tonumber(found or '') or false
  end
end

-- Returns the slot time in ms that a job of a queue is expected to take.
local function estimate(source)
  read_costs({source})
  return math.max(1, math.floor((costs[source] or UNKNOWN_MS) + 0.5))
end

-- Deletes the averages of queues without open jobs.
local function forget_averages(sources)
  if #sources > 0 then redis.call('HDEL', KEYS.costs, unpack(sources)) end
end

-- Returns the weight of a tenant: its share beside others.
local function weight(tenant)
  read_costs({tenant})
  return costs[tenant] and costs[tenant] > 0 and costs[tenant] or 1
end
