--[[
  Makes the caller the zone's leader by raising the epoch. Every script of an older epoch is refused from here on.

  KEYS[1]  epoch   integer
  KEYS[2]  leader  hash: id, epoch, atMs
  ARGV[1]  id of the new leader
  ARGV[2]  when it took over, milliseconds since the Unix epoch, by its own clock; only for people

  Output: the new epoch
  Complexity: O(1)
]]
local epoch = redis.call('INCR', KEYS[1])
redis.call('HSET', KEYS[2], 'id', ARGV[1], 'epoch', epoch, 'atMs', ARGV[2])
return epoch
