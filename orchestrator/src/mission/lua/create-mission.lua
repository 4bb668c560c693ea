-- Writes a mission for the first time, unless its order has one already.
-- KEYS 1 epoch (string)  2 missions (hash)  3 orders (hash)
-- ARGV 1 writer's epoch  2 mission id  3 order id, or empty  4 record: "<version>\n<json>"
-- Returns "created", "fenced", or "exists:<mission id>".
local stored = tonumber(redis.call('GET', KEYS[1]) or '0')
local epoch = tonumber(ARGV[1])
if epoch < stored then return 'fenced' end
if ARGV[3] ~= '' then
  local known = redis.call('HGET', KEYS[3], ARGV[3])
  if known then return 'exists:' .. known end
end
if redis.call('HEXISTS', KEYS[2], ARGV[2]) == 1 then return 'exists:' .. ARGV[2] end
if epoch > stored then redis.call('SET', KEYS[1], ARGV[1]) end
redis.call('HSET', KEYS[2], ARGV[2], ARGV[4])
if ARGV[3] ~= '' then redis.call('HSET', KEYS[3], ARGV[3], ARGV[2]) end
return 'created'
