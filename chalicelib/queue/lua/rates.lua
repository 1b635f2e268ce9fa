-- What jobs that begin under an instance take from its rate, and what they give back.
--@include instances
-- `rates` has the `tat` of instances, and, under the key and BUSY, when a rate last had all that it allows: the time, and FAR.
local BUSY, FAR = '\1', 1e13

local function set_tat(state, at)
  state.tat = math.max(at, now)
  redis.call('ZADD', KEYS.rates, string.format('%.3f', state.tat), state.key)
end

-- Counts jobs that begin under an instance, or go on (`resumed`). `hold_instances` records which.
local function begin_under(state, jobs, resumed)
  state.held = state.held + jobs
  if resumed or not state.interval then return end
  if state.tat <= now then
    state.busy_since = now
    redis.call('ZADD', KEYS.rates, int(FAR + now), state.key .. BUSY)
  end
  set_tat(state, math.max(state.tat, now) + jobs * state.interval)
end

-- Gives back what a job of a lane that did not begin took from rates at `since`. What it took from a rate that has had all
-- of it since then is there already: given back, it would let one job more begin than a window may have.
local function give_back(lane, since)
  if parts(lane).resumed then return end
  for _, key in ipairs(parts(lane).instances) do
    local state = state_of(key)
    if state.interval and since then
      local busy_since = state.busy_since or tonumber(redis.call('ZSCORE', KEYS.rates, key .. BUSY) or 'inf') - FAR
      if since >= busy_since then set_tat(state, state.tat - state.interval) end
    end
  end
end
