-- Remove a worker and release its slots, unless jobs are ready, which it should claim with its slots, or more is due soon
-- than there are others who wait for it.
--@include clock groups listening lines
--@keys slots:hash waking:zset scheduled:zset retrying:zset suspended:zset timed:zset
--@given about_worker:string
--@args worker pool force soon_ms:int
--@reply 1 when it is removed, 0 when jobs are ready, 2 when it should wait for what is due
-- `force`: 1 = retire in any case. An enqueue after this invokes a worker, so no job is left without one. `soon_ms`: for so
-- long others wait; 0 = they do not. A rate counts as one job: its next token.

-- Returns how much is due by `till`: jobs of any pool, and one more if a rate allows a parked job of this pool.
local function due_by(till)
  local due = redis.call('ZCOUNT', KEYS.scheduled, '-inf', till) + redis.call('ZCOUNT', KEYS.retrying, '-inf', till)
    + redis.call('ZCOUNT', KEYS.suspended, '-inf', till)
  for _, key in ipairs(redis.call('ZRANGEBYSCORE', KEYS.timed, '-inf', till, 'LIMIT', 0, 1000)) do
    if first_of(KEYS.parked, line_of(key, ARGV.pool), 1)[1] then return due + 1 end
  end
  return due
end

if ARGV.force ~= '1' then
  if has_ready(ARGV.pool) then return 0 end
  local due = ARGV.soon_ms > 0 and due_by(int(now + ARGV.soon_ms)) or 0
  if due > 0 and due > alive_besides(ARGV.worker, ARGV.pool) then return 2 end
end
redis.call('ZREM', KEYS.waiting, ARGV.worker)
redis.call('ZREM', KEYS.workers, ARGV.worker)
redis.call('HDEL', KEYS.slots, ARGV.worker)
redis.call('ZREM', KEYS.waking, ARGV.pool)
redis.call('DEL', KEYS.about_worker)
return 1
