-- What turns cost: the average slot time of a queue's jobs. Shares of tenants: `weight`, or `weight|cap`.
--@keys costs:hash
local UNKNOWN_MS = 100
local costs, caps = {}, {}

-- Reads the costs of queues (`tenant/queue`) and the shares of tenants in one call.
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
    local cost, cap = (found or ''):match('^([^|]*)|?(.*)$')
    costs[missing[n]], caps[missing[n]] = tonumber(cost) or false, tonumber(cap)
  end
end

-- Returns the slot time in ms that a job of a queue is expected to take.
local function estimate(source)
  read_costs({source})
  return math.max(1, math.floor((costs[source] or UNKNOWN_MS) + 0.5))
end

-- Deletes the averages of queues without open jobs.
local function forget_averages(sources)
  for _, source in ipairs(sources) do costs[source] = false end
  if #sources > 0 then redis.call('HDEL', KEYS.costs, unpack(sources)) end
end

-- Returns the weight of a tenant: its share beside others.
local function weight(tenant)
  read_costs({tenant})
  return costs[tenant] and costs[tenant] > 0 and costs[tenant] or 1
end

-- Returns how many jobs of a tenant may run at once, nil = any number; 0 = any number, and they are counted.
local function cap_of(tenant)
  read_costs({tenant})
  return caps[tenant]
end

-- Sets the weight and the cap of a tenant, '' for none.
local function set_share(tenant, weight, cap)
  costs[tenant], caps[tenant] = tonumber(weight) or false, tonumber(cap)
  if cap ~= '' then weight = (weight == '' and '1' or weight) .. '|' .. cap end
  if weight == '' then redis.call('HDEL', KEYS.costs, tenant) else redis.call('HSET', KEYS.costs, tenant, weight) end
end
