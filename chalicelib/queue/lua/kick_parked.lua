-- Kick instances that have parked lanes, in order of their keys: after definitions changed, and to repair lost kicks.
--@include gate kicks wake rates
--@args after start of most:int
--@reply {epoch, seq, the last instance checked or '' at the end, {pools to invoke}} | {-1} closed
-- `after`: the last instance of the call before, '' at first; `start`: of all instances that are checked; `of`: kick
-- only those of this limit (`name`, or `name:` for those with a key; '' = all); `most`: instances to check.
if closed() then return {CLOSED} end
local owner = ARGV.after
for _ = 1, ARGV.most do
  local from = owner == '' and (ARGV.start == '' and '-' or '[' .. ARGV.start)
    or '[' .. owner .. '\3'
  local member = redis.call('ZRANGE', KEYS.parked, from, '+', 'BYLEX', 'LIMIT', 0, 1)[1]
  owner = member and member:match('^[^%z\1\2]*') or ''
  if owner:sub(1, #ARGV.start) ~= ARGV.start then owner = '' end
  if owner == '' then break end
  if ARGV.of == '' or owner:match('^[^/]*/([^:]*:?)') == ARGV.of then kick_later(owner) end
end
kick_noted()
local old = redis.call('ZRANGEBYSCORE', KEYS.rates, '-inf', int(now), 'LIMIT', 0, 1000)
for n = 1, #old do old[#old + 1] = old[n] .. BUSY end
if #old > 0 then redis.call('ZREM', KEYS.rates, unpack(old)) end
return {tonumber(epoch), seq, owner, wake_all()}
