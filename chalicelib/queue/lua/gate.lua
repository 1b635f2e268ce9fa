-- The gate of every script that changes the queue.
--@include clock
--@keys epoch:string seq:string layout:string
--@args known_epoch:int known_seq:int layout
local CLOSED = -1

-- Closed when the epoch is missing (data lost) or older than one the caller has seen (failover to a stale replica), and
-- for callers of a version with another layout.
local head = redis.call('MGET', KEYS.epoch, KEYS.seq, KEYS.layout)
local epoch, seq = head[1], tonumber(head[2] or '0')
local function closed()
  if not epoch or head[3] ~= ARGV.layout then return true end
  local known, have = ARGV.known_epoch, tonumber(epoch)
  return have < known or (have == known and seq < ARGV.known_seq)
end

-- Epoch and sequence, for the caller to remember.
local function mark() return {tonumber(epoch), seq} end
