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

-- Leases jobs that are not leased, given by their ids, the lanes of their leases, and the texts of these.
local function lease_all(ids, lanes, tokens)
  if #ids == 1 and parts(lanes[1]).plain then -- the most frequent case, in one call
    if redis.call('HSETNX', KEYS.tokens, ids[1], tokens[1]) == 1 then got[#got + 1] = ids[1] end
    return
  end
  local fresh, held, last, limited = {}, {}, 0, false
  for n, found in ipairs(redis.call('HMGET', KEYS.tokens, unpack(ids))) do
    if not found then
      fresh[last + 1], fresh[last + 2] = ids[n], tokens[n]
      held[last + 1], held[last + 2] = ids[n], lanes[n]
      last, limited = last + 2, limited or #parts(lanes[n]).instances > 0
      got[#got + 1] = ids[n]
    end
  end
  if #fresh > 0 then redis.call('HSET', KEYS.tokens, unpack(fresh)) end
  if limited then hold_instances(held) end
end
