-- Add counts of ended jobs and totals during a rebuild.
--@include counts
--@keys rebuild:string
--@args rebuild_token
--@item owner:owner field by:int
--@reply 1, or 0 when another process has the lock
if redis.call('GET', KEYS.rebuild) ~= ARGV.rebuild_token then return 0 end
while next_item() do
  -- made from the records, so they contain every job
  for _, key in ipairs(scopes(ITEM.owner)) do redis.call('HSET', key, 'since', '0') end
  count(ITEM.owner, ITEM.field, ITEM.by)
end
write_counts()
return 1
