-- Add counts of ended jobs and totals during a rebuild.
--@include counts
--@keys rebuild:string
--@args rebuild_token
--@item owner:owner field by:int
--@reply 1, or 0 when the lock is another's
if redis.call('GET', KEYS.rebuild) ~= ARGV.rebuild_token then return 0 end
while next_item() do
  -- they come from the records: none is older than what is counted
  for _, key in ipairs(scopes(ITEM.owner)) do redis.call('HSET', key, 'since', '0') end
  count(ITEM.owner, ITEM.field, ITEM.by)
end
write_counts()
return 1
