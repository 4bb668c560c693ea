--[[
  Commits one tick, all or nothing.

  KEYS[1]  epoch      integer
  KEYS[2]  tick       the last tick committed
  KEYS[3]  grants     hash: block -> "<epoch>:<vehicle>", the epoch being that of the leader who granted
  KEYS[4]  itinerary  hash: vehicle -> its plan (JSON)
  KEYS[5]  vehicles   hash: vehicle -> its record (JSON)
  KEYS[6]  closures   hash: closure -> its record (JSON)
  KEYS[7]  claims     hash: block -> the order of its claims (text)
  KEYS[8]  ticks      stream, one entry a tick, id "<tick>-0": epoch, tape (as it came)
  ARGV[1]  the tick, three values in MessagePack, one after the other:
           head { epoch, lineage, previousTick, tick, keepFromTick }
             lineage: the replication id of the server that the leader began with, see `take-leadership`
           tape, kept in the stream as it is:
             { releases    { vehicle, { block, ... }, vehicle, { block, ... }, ... },
               grants      likewise,
               itineraries { { vehicle, plan, ... }, { vehicle that has none any more, ... } },
               vehicles    { { vehicle, record, ... }, { vehicle that is gone, ... } },
               closures    { { closure, record, ... }, { closure that is over, ... } } }
           orders { { block, order, ... }, { block that nobody claims, ... } }
           Releases come before grants: what one vehicle leaves in a tick another may get in it.

  Output: { code, detail, detail }
     1 committed
     2 repeated: this tick is the last one committed, nothing was changed
    -1 stale leader          epoch that is valid
    -2 wrong tick            last tick
    -3 held by another       block, vehicle
    -4 not the holder        block, vehicle ("" for nobody)
    -5 another lineage       replication id of this server, "<the one before it was promoted> <AOF: 0, 1>"
  Complexity: O(blocks released and granted + records written + entries trimmed)
]]
local tapeAt, head = cmsgpack.unpack_one(ARGV[1])
local epoch, lineage, previousTick, tick, keepFromTick = head[1], head[2], head[3], head[4], head[5]

-- Each call of Redis costs several microseconds besides what it does: what can be asked at once is.
local known = redis.call('MGET', KEYS[1], KEYS[2])
local validEpoch = tonumber(known[1] or '0')
if epoch ~= validEpoch then
  return { -1, string.format('%.0f', validEpoch), '' }
end
local replication = redis.call('INFO', 'replication')
local here = string.match(replication, 'master_replid:(%w+)')
if lineage ~= here then
  local before = string.match(replication, 'master_replid2:(%w+)')
  local onDisk = string.match(redis.call('INFO', 'persistence'), 'aof_enabled:(%d)')
  return { -5, here, before .. ' ' .. onDisk }
end
local lastTick = tonumber(known[2] or '0')
if tick == lastTick then
  return { 2, '', '' }
end
if previousTick ~= lastTick or tick < lastTick then
  return { -2, string.format('%.0f', lastTick), '' }
end

-- Lua passes at most some 8,000 arguments in a call. Even, since fields come in pairs with their values.
local MOST_ARGUMENTS = 6000

local function inBatches(command, key, list)
  for from = 1, #list, MOST_ARGUMENTS do
    redis.call(command, key, unpack(list, from, math.min(from + MOST_ARGUMENTS - 1, #list)))
  end
end

local ordersAt, tape = cmsgpack.unpack_one(ARGV[1], tapeAt)
local _, orders = cmsgpack.unpack_one(ARGV[1], ordersAt)
local releases, grants = tape[1], tape[2]

-- First everything is checked, then everything is written: a script that fails half-way is not undone.
local blocks, count = {}, 0
for side = 1, 2 do
  local groups = tape[side]
  for i = 2, #groups, 2 do
    local group = groups[i]
    for j = 1, #group do
      count = count + 1
      blocks[count] = group[j]
    end
  end
end
-- The holder of each block named, in the order named: "<epoch>:<vehicle>", or `false` for nobody.
local values = {}
for from = 1, count, MOST_ARGUMENTS do
  local to = math.min(from + MOST_ARGUMENTS - 1, count)
  local some = redis.call('HMGET', KEYS[3], unpack(blocks, from, to))
  if from == 1 then
    values = some
  else
    for i = 1, #some do
      values[from + i - 1] = some[i]
    end
  end
end
-- What the tick itself has done to a block so far: `false` when released, the vehicle when granted.
local now = {}
local vehicleOf = {}
local function holderOf(at)
  local done = now[blocks[at]]
  if done ~= nil then
    return done
  end
  local value = values[at]
  if not value then
    return false
  end
  local vehicle = vehicleOf[value]
  if not vehicle then
    vehicle = string.sub(value, string.find(value, ':', 1, true) + 1)
    vehicleOf[value] = vehicle
  end
  return vehicle
end

local at = 0
for i = 1, #releases, 2 do
  local vehicle = releases[i]
  for _ = 1, #releases[i + 1] do
    at = at + 1
    local holder = holderOf(at)
    if holder ~= vehicle then
      return { -4, blocks[at], holder or '' }
    end
    now[blocks[at]] = false
  end
end
local releasedTo = at
local granted, size = {}, 0
for i = 1, #grants, 2 do
  local vehicle = grants[i]
  local value = string.format('%.0f', epoch) .. ':' .. vehicle
  for _ = 1, #grants[i + 1] do
    at = at + 1
    local block = blocks[at]
    local holder = holderOf(at)
    if holder and holder ~= vehicle then
      return { -3, block, holder }
    end
    now[block] = vehicle
    granted[size + 1] = block
    granted[size + 2] = value
    size = size + 2
  end
end
local released = {}
for i = 1, releasedTo do
  if not now[blocks[i]] then
    released[#released + 1] = blocks[i]
  end
end

-- Redis keeps a small hash as one list, in which to find each of n fields takes n steps: 1,000 blocks among 500 take
-- 15 ms. A value of more than 64 bytes makes it a table, and it stays one.
local LONG = string.rep('x', 65)
local grown = {}
for key, some in pairs({ [KEYS[3]] = granted[1], [KEYS[7]] = orders[1][1] }) do
  if some and redis.call('OBJECT', 'ENCODING', key) ~= 'hashtable' then
    redis.call('HSET', key, '', LONG)
    grown[#grown + 1] = key
  end
end
inBatches('HSET', KEYS[3], granted)
inBatches('HDEL', KEYS[3], released)
for i, records in ipairs({ tape[3], tape[4], tape[5], orders }) do
  inBatches('HSET', KEYS[3 + i], records[1])
  inBatches('HDEL', KEYS[3 + i], records[2])
end
for _, key in ipairs(grown) do
  redis.call('HDEL', key, '')
end
local tickText = string.format('%.0f', tick)
redis.call('SET', KEYS[2], tickText)
local taped = string.sub(ARGV[1], tapeAt + 1, ordersAt)
redis.call('XADD', KEYS[8], 'MINID', string.format('%.0f', keepFromTick) .. '-0', tickText .. '-0',
  'epoch', string.format('%.0f', epoch), 'tape', taped)
return { 1, '', '' }
