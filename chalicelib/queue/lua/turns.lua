-- Turns of groups in a claim.
--@include serve

-- Writes what a turn changed: `gone` and `kept` are members of `lanes`, `members` those of `ready`.
local function write_turn(members, gone, kept)
  for n = 1, #members, 4000 do redis.call('ZREM', KEYS.ready, unpack(members, n, math.min(n + 3999, #members))) end
  redis.call('ZREM', KEYS.lanes, unpack(gone))
  if #kept > 0 then redis.call('ZADD', KEYS.lanes, unpack(kept)) end
end

-- Gives up to `share` jobs of a group to the claim, from its first lanes, and charges the group and the lanes for them.
-- Returns the next group, as `next_group` does, if it is known.
local function serve_group(pool, group, score, share)
  local found, lanes, sources = first_of(KEYS.lanes, group, share), {}, {group:sub(#pool + 2)}
  for n, member in ipairs(found) do
    lanes[n] = name_of(group, member)
    sources[n + 1] = parts(lanes[n]).source
  end
  if #found == 0 then
    redis.call('ZREM', KEYS.groups, group)
    return
  end
  read_costs(sources)
  read_numbers(lanes)
  local each, given, spent = math.ceil(share / #found), 0, 0
  local members, ids, homes, tokens, gone, kept = {}, {}, {}, {}, {}, {}
  for n, lane in ipairs(lanes) do
    local leased = leased_lane(lane)
    local jobs, stays = take_turn(lane, parts(leased).instances, math.min(each, share - given))
    is_cut = not jobs
    if is_cut then break end
    local cost = estimate(parts(lane).source)
    local since, last = not parts(leased).plain and now or nil, #members
    local before, after = around_place(ARGV.token, CLAIMED, int(cost), leased, since)
    for i, member in ipairs(jobs) do
      local id, place = unpacked(member)
      members[last + i], ids[last + i], homes[last + i] = member, id, leased
      tokens[last + i] = before .. place .. after
    end
    gone[#gone + 1] = found[n]
    if stays then
      kept[#kept + 1] = 0
      kept[#kept + 1] = tagged(group, tag_of(group, found[n]) + #jobs * cost * UNIT, lane)
    end
    given, spent = given + #jobs, spent + #jobs * cost
    if given >= share then break end
  end
  visits = visits + #gone
  if #gone == 0 then return end
  write_turn(members, gone, kept)
  if #members > 0 then lease_all(ids, homes, tokens) end
  score = score + math.ceil(spent * UNIT / weight(sources[1]))
  local is_empty = #kept == 0 and #gone == #found and (#found < share or not first_of(KEYS.lanes, group, 1)[1])
  if not is_empty then
    if spent > 0 then redis.call('ZADD', KEYS.groups, int(score), group) end
    return kick_noted()
  end
  redis.call('ZREM', KEYS.groups, group)
  local following, head, more = next_group(pool)
  remember_group(group, score, pool, head)
  if #kicked > 0 then return kick_noted() end
  return following or '', head, more
end
