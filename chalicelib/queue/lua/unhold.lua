--!include lanes held
-- Let jobs that are held back fall due where their owners have room: after a reservation lapsed, or another limit.
--
-- KEYS[1..4] see prelude
-- KEYS[5] scheduled (zset)   KEYS[6] active prefix   KEYS[7] held (zset)
-- ARGV[1..5] see prelude
-- ARGV[6] active jobs allowed (0 = no limit)   ARGV[7] owner after whom to go on ('' = the first)
-- ARGV[8] how many owners to look at           ARGV[9] how many jobs of each at most
-- Returns {epoch, seq, released, the last owner looked at, '' at the end} or {-1}.
if closed() then return {CLOSED} end
local keys = {scheduled = KEYS[5], active = KEYS[6], held = KEYS[7]}
local limit, owner, owners, most, released = tonumber(take()), take(), tonumber(take()), tonumber(take()), 0
for _ = 1, owners do
  local from = owner == '' and '-' or '(' .. owner .. '}'
  local entry = redis.call('ZRANGEBYLEX', KEYS[7], from, '+', 'LIMIT', 0, 1)[1]
  owner = entry and entry:match('^[^|]*') or ''
  if owner == '' then break end
  redis.call('ZREMRANGEBYSCORE', KEYS[6] .. owner, '-inf', int(now))
  local room = limit > 0 and limit - redis.call('ZCARD', KEYS[6] .. owner) or most
  if room > 0 then released = released + release(keys, owner, math.min(room, most)) end
end
return {tonumber(epoch), seq, released, owner}
