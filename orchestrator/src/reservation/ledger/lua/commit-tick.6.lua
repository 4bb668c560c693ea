--[[
  Commits one tick, all or nothing.

  KEYS[1]  epoch      integer
  KEYS[2]  tick       the last tick committed
  KEYS[3]  grants     hash: block -> "<epoch>:<vehicle>", the epoch being that of the leader who granted
  KEYS[4]  itinerary  hash: vehicle -> record (JSON)
  KEYS[5]  claims     hash: block -> order of its claims (JSON)
  KEYS[6]  ticks      stream, one entry a tick, id "<tick>-0": epoch, change (ARGV[1] as it came)
  ARGV[1]  the tick, MessagePack:
           { epoch, previousTick, tick, keepFromTick,
             releases { { vehicle, { block, ... } }, ... },
             grants   { { vehicle, { block, ... } }, ... },
             vehicles { { vehicle, record or "" when gone }, ... },
             orders   { { block, order or "" when nobody claims it }, ... } }
           Releases come before grants: what one vehicle leaves in a tick another may get in it.

  Output: { code, detail, detail }
     1 committed
     2 repeated: this tick is the last one committed, nothing was changed
    -1 stale leader          epoch that is valid
    -2 wrong tick            last tick
    -3 held by another       block, vehicle
    -4 not the holder        block, vehicle ("" for nobody)
  Complexity: O(blocks released and granted + records written + entries trimmed)
]]
local commit = cmsgpack.unpack(ARGV[1])
local epoch, previousTick, tick, keepFromTick = commit[1], commit[2], commit[3], commit[4]
local releases, grants, vehicles, orders = commit[5], commit[6], commit[7], commit[8]

local validEpoch = tonumber(redis.call('GET', KEYS[1]) or '0')
if epoch ~= validEpoch then
  return { -1, string.format('%.0f', validEpoch), '' }
end
local lastTick = tonumber(redis.call('GET', KEYS[2]) or '0')
if tick == lastTick then
  return { 2, '', '' }
end
if previousTick ~= lastTick or tick < lastTick then
  return { -2, string.format('%.0f', lastTick), '' }
end

local function holderOf(block)
  local value = redis.call('HGET', KEYS[3], block)
  if not value then
    return nil
  end
  return string.sub(value, string.find(value, ':', 1, true) + 1)
end

-- First everything is checked, then everything is written: a script that fails half-way is not undone.
local after = {}
for _, release in ipairs(releases) do
  for _, block in ipairs(release[2]) do
    local holder = after[block]
    if holder == nil then
      holder = holderOf(block)
    end
    if holder ~= release[1] then
      return { -4, block, holder or '' }
    end
    after[block] = false
  end
end
for _, grant in ipairs(grants) do
  for _, block in ipairs(grant[2]) do
    local holder = after[block]
    if holder == nil then
      holder = holderOf(block)
    end
    if holder and holder ~= grant[1] then
      return { -3, block, holder }
    end
    after[block] = grant[1]
  end
end

for block, holder in pairs(after) do
  if holder then
    redis.call('HSET', KEYS[3], block, string.format('%.0f', epoch) .. ':' .. holder)
  else
    redis.call('HDEL', KEYS[3], block)
  end
end
local function write(key, entries)
  for _, entry in ipairs(entries) do
    if entry[2] == '' then
      redis.call('HDEL', key, entry[1])
    else
      redis.call('HSET', key, entry[1], entry[2])
    end
  end
end
write(KEYS[4], vehicles)
write(KEYS[5], orders)
local tickText = string.format('%.0f', tick)
redis.call('SET', KEYS[2], tickText)
redis.call('XADD', KEYS[6], tickText .. '-0', 'epoch', string.format('%.0f', epoch), 'change', ARGV[1])
redis.call('XTRIM', KEYS[6], 'MINID', string.format('%.0f', keepFromTick) .. '-0')
return { 1, '', '' }
