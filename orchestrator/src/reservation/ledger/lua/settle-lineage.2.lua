--[[
  Says that the ledger is whole on the server as it is now.

  KEYS[1]  epoch    integer
  KEYS[2]  lineage  replication id of the server that the ledger was last known to be whole on
  ARGV[1]  epoch of the leader
  ARGV[2]  the lineage that it looked into

  Output: { code, detail }
     1 settled
    -1 stale leader          epoch that is valid
    -5 another lineage       replication id of this server
  Complexity: O(1)
]]
local validEpoch = redis.call('GET', KEYS[1]) or '0'
if ARGV[1] ~= validEpoch then
  return { -1, validEpoch }
end
local here = string.match(redis.call('INFO', 'replication'), 'master_replid:(%w+)')
if ARGV[2] ~= here then
  return { -5, here }
end
redis.call('SET', KEYS[2], here)
return { 1, '' }
