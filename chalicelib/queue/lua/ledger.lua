-- Shared by every script that changes the queue: counts, events, the log. Follows `prelude`.
-- What was counted, by owner and tenant, until `finish` adds it to the counts of each scope. Open jobs are counted by
-- queue as well, where `lane` is given.
local OPEN = {scheduled = true, pending = true, running = true, retrying = true}
local tallies, wrote = {}, 0
local function count(owner, tenant, field, by, lane)
  local who = owner .. '|' .. tenant
  local tally = tallies[who]
  if not tally then
    tally = {owner = owner, tenant = tenant, fields = {}, queues = {}}
    tallies[who] = tally
  end
  tally.fields[field] = (tally.fields[field] or 0) + by
  if not (lane and OPEN[field]) then return end
  local queue = lane:sub(#tenant + 2)
  tally.queues[queue] = tally.queues[queue] or {}
  tally.queues[queue][field] = (tally.queues[queue][field] or 0) + by
end

-- Takes an event count, then for each: owner and tenant, unless they are given; JSON without its head. Each gets the
-- next id. `slim` may give a shorter message for the log.
local function emit(wanted, owner_of_all, tenant_of_all, slim)
  for _ = 1, tonumber(take()) do
    local owner, tenant, tail = owner_of_all or take(), tenant_of_all or take(), take()
    if wanted then
      seq = seq + 1
      local id = epoch .. '-' .. int(seq)
      local message = '{"id":"' .. id .. '",' .. tail
      local kept = slim and slim(id, message, tenant) or message
      wrote = wrote + #kept + #owner + #tenant
      redis.call('XADD', KEYS[3], 'MAXLEN', '~', ARGV[5]:match('%d+'), id, 'e', kept, 'o', owner, 't', tenant)
      redis.call('PUBLISH', ARGV[4], message)
    end
  end
end

-- Cuts the log back to its megabytes: `counts:log` has the bytes that were ever written, and the last id in each.
local function trim()
  local log, most = KEYS[4] .. 'log', tonumber(ARGV[5]:match('%d+$'))
  local bytes = redis.call('HINCRBY', log, 'bytes', wrote)
  local before, megabyte = math.floor((bytes - wrote) / 1048576), math.floor(bytes / 1048576)
  if megabyte == before then return end
  redis.call('HSET', log, int(megabyte), epoch .. '-' .. int(seq))
  for n = before - most + 1, megabyte - most do
    local cut = redis.call('HGET', log, int(n))
    if cut then redis.call('XTRIM', KEYS[3], 'MINID', cut) end
    redis.call('HDEL', log, int(n))
  end
end

-- A count by queue, that is there while it is above 0: names are forgotten with their last job.
local function count_queue(scope, field, by)
  local key = KEYS[4] .. scope
  if by ~= 0 and redis.call('HINCRBY', key, field, by) <= 0 then redis.call('HDEL', key, field) end
end

-- Writes what was counted; every script ends with it. Returns epoch and sequence for the caller to remember.
local function finish()
  for _, tally in pairs(tallies) do
    for _, scope in ipairs({'o:' .. tally.owner, 't:' .. tally.tenant, 'all'}) do
      -- counts that are not there are a newcomer's, or lost: the sweep finds out by the time that they began
      if redis.call('EXISTS', KEYS[4] .. scope) == 0 then redis.call('HSET', KEYS[4] .. scope, 'since', int(now)) end
      for field, by in pairs(tally.fields) do
        if by ~= 0 then redis.call('HINCRBY', KEYS[4] .. scope, field, by) end
      end
    end
    for queue, states in pairs(tally.queues) do
      local open = 0
      for state, by in pairs(states) do
        open = open + by
        if state ~= 'pending' then count_queue('s:' .. tally.tenant, queue .. '|' .. state, by) end
      end
      count_queue('q:' .. tally.tenant, queue, open)
    end
  end
  if wrote == 0 then return {tonumber(epoch), seq} end
  redis.call('SET', KEYS[2], int(seq))
  trim()
  return {tonumber(epoch), seq}
end
