-- Where a job waits: in its lane, for its time, or for its next attempt.
--@include clock lanes
--@keys scheduled:zset retrying:zset

local function is_waiting(id, place)
  return is_ready(id, place) or redis.call('ZSCORE', KEYS.scheduled, id) or redis.call('ZSCORE', KEYS.retrying, id)
end
