-- The position of a client in the event log.
--@keys epoch:string seq:string
--@args after
-- Returns `after` if it is an event of this epoch, the newest for '', else 0-0 (the client must reload).
local function client_cursor()
  local epoch, seq = redis.call('GET', KEYS.epoch) or '0', redis.call('GET', KEYS.seq) or '0'
  if ARGV.after == '' then return epoch .. '-' .. seq end
  local e, s = string.match(ARGV.after, '^(%d+)-(%d+)$')
  if e == epoch and tonumber(s) <= tonumber(seq) then return ARGV.after end
  return '0-0'
end
