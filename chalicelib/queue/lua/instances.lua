-- Instances of limits: their definitions, the jobs that hold them, and their rates.
--@include clock names caps
--@keys limits:hash holders:zset rates:zset
local states = {}

-- Returns the definition that holds for an instance: the tenant's own, else the one for all tenants. Nil: none.
local function definition_of(key)
  local tenant = tenant_capped(key)
  if tenant then return (cap_of(tenant) or 0) > 0 and int(cap_of(tenant)) .. '|||0' or nil end
  local scope, name, colon = key:match('^([^/]*)/([^:]*)(:?)')
  local field = '/' .. name .. colon
  local found = redis.call('HMGET', KEYS.limits, scope .. field, '*' .. field)
  return found[1] or found[2]
end

local function held_by(key) return redis.call('ZLEXCOUNT', KEYS.holders, '[' .. key .. '\0', '(' .. key .. '\1') end

-- Returns the state of an instance, read once in a script: `most` that may hold it, `held`, `interval` in ms between two
-- starts, `burst` and `tat`, the time at which all starts so far would be due at that rate (GCRA).
local function state_of(key)
  if states[key] then return states[key] end
  local state = {key = key, held = 0}
  local most, interval, burst, paused = (definition_of(key) or ''):match('^([^|]*)|([^|]*)|([^|]*)|(.*)$')
  state.paused = paused == '1'
  state.most, state.interval = tonumber(most or ''), tonumber(interval or '')
  if state.most then state.held = held_by(key) end
  if state.interval then
    state.burst = tonumber(burst) or 1
    local longest = now + state.burst * state.interval
    state.tat = math.min(tonumber(redis.call('ZSCORE', KEYS.rates, key) or '0'), longest)
  end
  states[key] = state
  return state
end

-- Has the state of an instance read again: a job let go of it.
local function forget_state(key) states[key] = nil end

-- Returns how many jobs may begin under an instance now; 0 and the time at which its rate allows the next one, if it is
-- neither paused nor full. `resumed`: of jobs that go on after a wait, for which the rate does not count.
local function room_of(state, resumed)
  if state.paused then return 0 end
  local room = state.most and state.most - state.held or math.huge
  if room < 1 or resumed or not state.interval then return math.max(0, room) end
  local begun = math.max(state.tat - now, 0)
  local allowed = math.floor(state.burst - begun / state.interval + 1e-9)
  if allowed < 1 then return 0, math.ceil(state.tat - (state.burst - 1) * state.interval) end
  return math.min(room, allowed)
end

-- Records that jobs hold the instances of their lane. `held` alternates ids and lanes.
local function hold_instances(held)
  local members = {}
  for n = 1, #held, 2 do
    for _, key in ipairs(parts(held[n + 1]).instances) do
      members[#members + 1] = 0
      members[#members + 1] = key .. '\0' .. held[n]
    end
  end
  for n = 1, #members, 4000 do redis.call('ZADD', KEYS.holders, unpack(members, n, math.min(n + 3999, #members))) end
end
