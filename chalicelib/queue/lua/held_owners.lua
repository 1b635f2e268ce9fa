-- Return the owners of held-back jobs.
--@include gate
--@keys held:zset
--@args after most:int
--@reply {epoch, seq, {owner, …}} | {-1} closed
-- `after`: begin after this owner ('' = with the first). Fewer than `most` owners: the end is reached.
if closed() then return {CLOSED} end
local owner, owners = ARGV.after, {}
while #owners < ARGV.most do
  local from = owner == '' and '-' or '(' .. owner .. '}'
  local entry = redis.call('ZRANGEBYLEX', KEYS.held, from, '+', 'LIMIT', 0, 1)[1]
  if not entry then break end
  owner = entry:match('^[^|]*')
  owners[#owners + 1] = owner
end
return {tonumber(epoch), seq, owners}
