-- Names of lanes: `pool/tenant/queue`, then `/` and the limit instances of its jobs, joined by 0x1f, if there are any. An
-- empty instance among them marks the lane of jobs that go on after a wait, which take nothing from rates again.
local parsed = {}

-- Returns the parts of a lane: its pool, its group (`pool/tenant`), tenant, queue, the queue with its tenant (`source`)
-- and the keys of its instances: `tenant/instance`, or `*/instance` for one that all tenants share; `resumed`: the mark.
local function parts(lane)
  local found = parsed[lane]
  if found then return found end
  local pool, tenant, queue, rest = lane:match('^([^/]*)/([^/]*)/([^/]*)(.*)$')
  if not pool then pool, tenant, queue, rest = 'default', '', lane, '' end
  found = {pool = pool, tenant = tenant, queue = queue, group = pool .. '/' .. tenant, source = tenant .. '/' .. queue}
  found.instances = {}
  for instance in rest:sub(2):gmatch('[^\31]+') do
    local key = instance:sub(1, 1) == '*' and '*/' .. instance:sub(2) or tenant .. '/' .. instance
    found.instances[#found.instances + 1] = key
  end
  found.resumed = rest:find('^/\31') ~= nil or rest:find('\31\31', 1, true) ~= nil
  found.plain = pool == 'default' and #found.instances == 0
  parsed[lane] = found
  return found
end

-- Returns the lane of jobs of a lane that go on after a wait.
local function resumed_lane(lane)
  local at = parts(lane)
  if #at.instances == 0 or at.resumed then return lane end
  local queue, rest = lane:match('^([^/]*/[^/]*/[^/]*)/(.*)$')
  return queue .. '/\31' .. rest
end

-- Members of the sets that sort by bytes: an owner, a tag in 8 bytes, and a name. All have the score 0.
local function tagged(owner, tag, name) return owner .. '\0' .. struct.pack('>I8', tag) .. name end
local function tag_of(owner, member) return (struct.unpack('>I8', member, #owner + 2)) end
local function name_of(owner, member) return member:sub(#owner + 10) end

-- Returns the first members of an owner, in order, at most `most`.
local function first_of(key, owner, most)
  return redis.call('ZRANGE', key, '[' .. owner .. '\0', '(' .. owner .. '\1', 'BYLEX', 'LIMIT', 0, most)
end

-- Adds a member behind those of an owner.
local function append_to(key, owner, name)
  local last = redis.call('ZRANGE', key, '(' .. owner .. '\1', '[' .. owner .. '\0', 'BYLEX', 'REV', 'LIMIT', 0, 1)[1]
  redis.call('ZADD', key, 0, tagged(owner, last and tag_of(owner, last) + 1 or 0, name))
end
