-- The groups that take turns: `pool/tenant`, each with lanes in the rotation.
--@include pools
--@keys groups:zset
-- Scores have the number of the pool above the tag of the group, which stays below SPAN.
local SPAN = 2 ^ 46

-- Returns the group that is next in a pool, its score, and whether there are more; nil if there is none.
local function next_group(pool)
  local low, high = pool_range(pool, SPAN)
  local found = redis.call('ZRANGE', KEYS.groups, low, high, 'BYSCORE', 'LIMIT', 0, 2, 'WITHSCORES')
  return found[1], tonumber(found[2] or ''), found[3] ~= nil
end

-- Returns whether a claim of a pool may find jobs.
local function has_ready(pool) return next_group(pool) ~= nil end
