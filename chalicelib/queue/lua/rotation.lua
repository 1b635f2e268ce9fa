-- The rotation. The groups of a pool take turns by virtual time, and so do the lanes of a group: who has the lowest tag
-- is next, and a turn adds the slot time that it is expected to take (start-time fair queueing, Goyal 1996). For groups,
-- that is divided by the weight of the tenant. `settle` corrects the tags of groups by the time that it really took.
--@include names groups costs
--@keys lanes:zset absent:zset
-- Tags are in 1/16 ms. Who comes back stands at most FURTHEST, 70 minutes, behind the head.
local UNIT = 16
local FURTHEST = 2 ^ 22 * UNIT

-- Jobs and lanes that became ready, by pool: to wake workers for them.
local became_ready = {}
local function note_ready(lane)
  local pool = parts(lane).pool
  became_ready[pool] = (became_ready[pool] or 0) + 1
end

-- Adds a group at the head of its pool, or at its own last tag if that is later.
local function enter_group(group, pool)
  local low = pool_range(pool, SPAN)
  local _, head = next_group(pool)
  if head then
    local own = tonumber(redis.call('ZSCORE', KEYS.absent, group) or '')
    if own then redis.call('ZREM', KEYS.absent, group) end
    low = int(math.max(head, math.min(own or head, head + FURTHEST)))
  end
  redis.call('ZADD', KEYS.groups, low, group)
end

-- Keeps the tag of a group that is not in the rotation, if it is behind the head, and drops tags that others have
-- reached. When no group waits, all begin anew.
local function remember_group(group, score, pool, head)
  local low, high = pool_range(pool, SPAN)
  if head and score > head then redis.call('ZADD', KEYS.absent, int(score), group) end
  for _ = 1, head and 1 or 100 do
    local reached = redis.call('ZRANGE', KEYS.absent, low, head and int(head) or high, 'BYSCORE', 'LIMIT', 0, 100)
    if #reached > 0 then redis.call('ZREM', KEYS.absent, unpack(reached)) end
    if #reached < 100 then break end
  end
end

-- Adds a lane behind the head of its group, never at the head: there, a lane that is emptied and filled again by turns
-- would take every turn.
local function enter_lane(lane)
  local at = parts(lane)
  local head = first_of(KEYS.lanes, at.group, 1)[1]
  local tag = head and tag_of(at.group, head) + estimate(at.source) * UNIT or 0
  redis.call('ZADD', KEYS.lanes, 0, tagged(at.group, tag, lane))
  if not head then enter_group(at.group, at.pool) end
end

-- Adds slot time to the tag of a group. It is not kept when nobody waits.
local function charge_group(group, pool, tenant, ms)
  local low = tonumber((pool_range(pool, SPAN)))
  local _, head = next_group(pool)
  if not head then return end
  local change = ms * UNIT / weight(tenant)
  local score = tonumber(redis.call('ZADD', KEYS.groups, 'XX', 'INCR', int(change), group) or '')
  if not score then
    score = tonumber(redis.call('ZSCORE', KEYS.absent, group) or '') or head
    redis.call('ZREM', KEYS.absent, group)
    remember_group(group, math.min(score + change, low + SPAN - 1), pool, head)
  elseif score < low or score >= low + SPAN then
    redis.call('ZADD', KEYS.groups, int(math.max(low, math.min(score, low + SPAN - 1))), group)
  end
end

-- Begins the tags of a pool at 0 again, long before they reach the next pool's. Returns whether it did.
local function rebase(pool, head)
  local low, high = pool_range(pool, SPAN)
  local by = head - low
  if by < SPAN / 2 then return false end
  for _, key in ipairs({KEYS.groups, KEYS.absent}) do
    local found = redis.call('ZRANGE', key, low, high, 'BYSCORE', 'WITHSCORES')
    for n = 1, #found, 2 do redis.call('ZADD', key, int(math.max(low, found[n + 1] - by)), found[n]) end
  end
  return true
end
