-- Whether a manager of a shard should be invoked.
--@given manager:string manager_waking:string
--@args waking_ms
-- Returns 1 if the shard has no manager and none was invoked in the last `waking_ms`, else 0.
local function unattended()
  if redis.call('EXISTS', KEYS.manager) == 1 then return 0 end
  return redis.call('SET', KEYS.manager_waking, '1', 'NX', 'PX', ARGV.waking_ms) and 1 or 0
end
