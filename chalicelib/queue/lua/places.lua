-- Whether a job waits: ready in its lane, scheduled, or retrying.
--@include clock lanes
--@keys scheduled:zset retrying:zset

local function is_waiting(id, place)
  return is_ready(id, place) or redis.call('ZSCORE', KEYS.scheduled, id) or redis.call('ZSCORE', KEYS.retrying, id)
end
