--[[
  Makes the caller the zone's leader by raising the epoch. Every script of an older epoch is refused from here on.

  KEYS[1]  epoch    integer
  KEYS[2]  leader   hash: id, epoch, atMs
  KEYS[3]  tick     the last tick committed
  KEYS[4]  lineage  replication id of the server that the ledger was last known to be whole on
  ARGV[1]  id of the new leader
  ARGV[2]  when it took over, milliseconds since the Unix epoch, by its own clock; only for people

  A server begins a new lineage whenever it starts or is promoted from a replica: writes may be missing then. An
  empty ledger is whole. Who finds another lineage than the one of KEYS[4] looks into it, and says so by
  `settle-lineage` when the ledger is whole again: until then every leader finds it.

  Output: { epoch, last tick, lineage of this server, lineage of KEYS[4], lineage of this server before it was
            promoted (zeros for one that was not), whether it keeps an append-only file (0, 1) }; numbers as text
  Complexity: O(1)
]]
local epoch = redis.call('INCR', KEYS[1])
redis.call('HSET', KEYS[2], 'id', ARGV[1], 'epoch', epoch, 'atMs', ARGV[2])
local replication = redis.call('INFO', 'replication')
local here = string.match(replication, 'master_replid:(%w+)')
local before = string.match(replication, 'master_replid2:(%w+)')
local onDisk = string.match(redis.call('INFO', 'persistence'), 'aof_enabled:(%d)')
local lastTick = redis.call('GET', KEYS[3]) or '0'
local whole = redis.call('GET', KEYS[4])
if not whole and lastTick == '0' then
  redis.call('SET', KEYS[4], here)
  whole = here
end
return { string.format('%.0f', epoch), lastTick, here, whole or '', before, onDisk }
