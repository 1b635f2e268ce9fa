-- Drop parked lanes whose jobs were all withdrawn, in the order of `parked`. Otherwise they stay as long as their instance
-- lets no job begin: a paused one may do so for ever.
--@include gate parked
--@args after most:int
--@reply {epoch, seq, the last member checked or '' at the end, lanes dropped} | {-1} closed
-- `after`: the last member of the call before, '' at first; `most`: members to check.
if closed() then return {CLOSED} end

-- Takes a lane away that is anywhere in a line, and its group if that has no other lane there.
local function unpark(line, member)
  redis.call('ZREM', KEYS.parked, member)
  local shared, group = line:match('^(.*)\1(.*)$')
  if not group or first_of(KEYS.parked, line, 1)[1] then return end
  for _, each in ipairs(redis.call('ZRANGE', KEYS.parked, '[' .. shared .. '\0', '(' .. shared .. '\1', 'BYLEX')) do
    if name_of(shared, each) == group then redis.call('ZREM', KEYS.parked, each) end
  end
end

local from, dropped = ARGV.after == '' and '-' or '(' .. ARGV.after, 0
local found = redis.call('ZRANGE', KEYS.parked, from, '+', 'BYLEX', 'LIMIT', 0, ARGV.most)
for _, member in ipairs(found) do
  local owner = member:match('^[^%z]*')
  local lane = not is_line_of_groups(owner) and name_of(owner, member)
  if lane and ready_in(lane) == 0 then
    unpark(owner, member)
    drop_number(lane)
    dropped = dropped + 1
  end
end
return {tonumber(epoch), seq, #found == ARGV.most and found[#found] or '', dropped}
