-- Writes a mission's next version: snapshot and outbox are one record.
-- KEYS 1 epoch (string)  2 missions (hash)
-- ARGV 1 writer's epoch  2 mission id  3 version before  4 record: "<version>\n<json>"
-- Returns "saved", "fenced" or "stale".
local stored = tonumber(redis.call('GET', KEYS[1]) or '0')
local epoch = tonumber(ARGV[1])
if epoch < stored then return 'fenced' end
local before = redis.call('HGET', KEYS[2], ARGV[2])
-- The reply to this very write was lost, and it is said again.
if before == ARGV[4] then return 'saved' end
if not before or string.match(before, '^(%d+)\n') ~= ARGV[3] then return 'stale' end
if epoch > stored then redis.call('SET', KEYS[1], ARGV[1]) end
redis.call('HSET', KEYS[2], ARGV[2], ARGV[4])
return 'saved'
