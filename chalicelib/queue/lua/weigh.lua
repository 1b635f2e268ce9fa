-- Set the weights and caps of tenants, and let jobs begin that they allow.
--@include gate kicks wake
--@item tenant weight cap counted
--@reply {epoch, seq, {tenants whose leases are to be counted}, {pools to invoke}} | {-1} closed
-- `weight`: '' = 1. `cap`: jobs that may run at once, '' = any number. The first cap of a tenant holds once its leases are
-- counted: until then the tenant has the cap 0, under which any number may run, and new leases are counted. Then call
-- `count_leases`, and this again with `counted` = 1.
if closed() then return {CLOSED} end
local uncounted = {}
while next_item() do
  local tenant, weight, cap = ITEM.tenant, ITEM.weight, ITEM.cap
  local before = cap_of(tenant)
  if cap ~= '' and (not before or before == 0 and ITEM.counted ~= '1') then
    uncounted[#uncounted + 1] = tenant
    cap = '0'
  end
  set_share(tenant, weight, cap)
  kick_later(cap_key(tenant))
end
kick_noted()
return {tonumber(epoch), seq, uncounted, wake_all()}
