-- The leases that a claim gives.
--@include leases instances
-- The jobs that it leased, in order.
local got = {}

-- Sets the end of all leases that the claim gave.
local function lease_until(ends)
  for first = 1, #got, 2000 do
    local members = {}
    for n = first, math.min(first + 1999, #got) do
      members[#members + 1] = ends
      members[#members + 1] = got[n]
    end
    redis.call('ZADD', KEYS.leases, unpack(members))
  end
end

-- Leases jobs that are not leased. `taken` alternates ids and their lanes.
local function lease_all(taken, tokens)
  local fresh, held, all = {}, {}, {}
  for n = 1, #taken, 2 do all[#all + 1] = taken[n] end
  if #all == 1 and parts(taken[2]).plain then -- the most frequent case, in one call
    if redis.call('HSETNX', KEYS.tokens, all[1], tokens[1]) == 1 then got[#got + 1] = all[1] end
    return
  end
  for n, found in ipairs(redis.call('HMGET', KEYS.tokens, unpack(all))) do
    local id = all[n]
    if not found then
      fresh[#fresh + 1] = id
      fresh[#fresh + 1] = tokens[n]
      held[#held + 1] = id
      held[#held + 1] = taken[2 * n]
      got[#got + 1] = id
    end
  end
  if #fresh > 0 then redis.call('HSET', KEYS.tokens, unpack(fresh)) end
  hold_instances(held)
end
