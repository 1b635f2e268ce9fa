-- Members of `ready`: a job's place in 6 bytes and its id in 12, both big-endian. Members of one score sort by bytes,
-- so the jobs of a lane, whose number is the score, sort by place and then by id.
-- An id that is not 24 hex digits is not valid: it is kept unchanged, after 13 zero bytes, which no valid id produces.
local FOREIGN = ('\0'):rep(13)
local HEX = '%08x%08x%08x'

local function member_of(place, id)
  local bounded = math.max(0, math.min(tonumber(place), 2 ^ 48 - 1))
  if #id ~= 24 or id:find('[^0-9a-f]') then return struct.pack('>I6', bounded) .. FOREIGN .. id end
  local a, b, c = tonumber(id:sub(1, 8), 16), tonumber(id:sub(9, 16), 16), tonumber(id:sub(17), 16)
  return struct.pack('>I6I4I4I4', bounded, a, b, c)
end

local function place_of(member) return (struct.unpack('>I6', member)) end

-- Returns the id and the place of a member, the place as text.
local function unpacked(member)
  if #member ~= 18 then return member:sub(20), int(struct.unpack('>I6', member)) end
  local place, a, b, c = struct.unpack('>I6I4I4I4', member)
  return HEX:format(a, b, c), ('%d'):format(place)
end

local function id_of(member)
  if #member == 18 then return HEX:format(struct.unpack('>I4I4I4', member, 7)) end
  return member:sub(20)
end
