-- Count leases that were given before their tenants had a cap, a page of all leases at a time. Whoever sets the first cap
-- of a tenant calls it in between (`weigh`).
--@include gate instances leases
--@args page
--@item tenant
--@reply {epoch, seq, the next page or '0' at the end} | {-1} closed
-- `page`: '0' at first. Cost: O(1,000) leases.
if closed() then return {CLOSED} end
local wanted, held = {}, {}
while next_item() do wanted[ITEM.tenant] = true end
local found = redis.call('HSCAN', KEYS.tokens, ARGV.page, 'COUNT', 1000)
for n = 1, #found[2], 2 do
  local id = found[2][n]
  local token, state, lane, place, estimated, since = lease_of(id)
  local leased = token and wanted[parts(lane).tenant] and leased_lane(lane) or lane
  if leased ~= lane then
    hold(id, token, state, place, estimated, leased, since)
    held[#held + 1] = id
    held[#held + 1] = leased
  end
end
hold_instances(held)
return {tonumber(epoch), seq, found[1]}
