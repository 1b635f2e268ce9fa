-- The limits of a tenant, and its submissions in the last minute.
-- They are counted by spans of 5 s. The span that ends the minute counts as a whole, so there are never more in 60 s than
-- allowed, and a place is free again after 60 to 65 s.
--@include clock
--@keys quotas:hash
--@given submissions:hash
--@args per_minute:int open_limit:int
local SPAN, SPANS = 5000, 12
local this_span = math.floor(now / SPAN)

-- Returns the submissions a minute and the open jobs that a tenant may have, 0 = no limit: its own, else the arguments.
local function quotas_of(tenant)
  local own = redis.call('HGET', KEYS.quotas, tenant) or ''
  local rate, open = own:match('^(%d+)|(%d+)$')
  return tonumber(rate or ARGV.per_minute), tonumber(open or ARGV.open_limit)
end

-- Returns the ms until `jobs` more may be submitted, 0 if they may now.
local function wait_for_room(jobs, allowed)
  local flat, spans, counts, over = redis.call('HGETALL', KEYS.submissions), {}, {}, jobs - allowed
  for n = 1, #flat, 2 do
    local span = tonumber(flat[n])
    if span < this_span - SPANS then
      redis.call('HDEL', KEYS.submissions, flat[n])
    else
      spans[#spans + 1], counts[span], over = span, tonumber(flat[n + 1]), over + flat[n + 1]
    end
  end
  if over <= 0 then return 0 end
  table.sort(spans)
  for _, span in ipairs(spans) do
    over = over - counts[span]
    if over <= 0 then return (span + SPANS + 1) * SPAN - now end
  end
  return SPANS * SPAN -- more at once than a minute allows
end

local function count_submissions(jobs)
  redis.call('HINCRBY', KEYS.submissions, int(this_span), jobs)
  redis.call('PEXPIRE', KEYS.submissions, (SPANS + 1) * SPAN)
end
