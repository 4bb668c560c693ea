-- Sets and removes fields of one hash.
-- KEYS 1 epoch (string)  2 hash
-- ARGV 1 writer's epoch  2 "set" or "remove"  3.. field and value pairs, or fields
-- Returns "saved" or "fenced".
local stored = tonumber(redis.call('GET', KEYS[1]) or '0')
local epoch = tonumber(ARGV[1])
if epoch < stored then return 'fenced' end
if epoch > stored then redis.call('SET', KEYS[1], ARGV[1]) end
if ARGV[2] == 'set' then
  redis.call('HSET', KEYS[2], unpack(ARGV, 3))
else
  redis.call('HDEL', KEYS[2], unpack(ARGV, 3))
end
return 'saved'
