-- Appends an event once: the same event id again changes nothing. Sequence numbers have no gaps.
-- KEYS 1 events (stream, entry ids `<sequence>-0`) · 2 sequence numbers by event id (hash) · 3 last sequence number
-- ARGV 1 event id · 2 event as JSON · 3 how many events are kept
-- Returns its sequence number, or 0 when it is known already.
if redis.call("HEXISTS", KEYS[2], ARGV[1]) == 1 then return 0 end
local sequence = redis.call("INCR", KEYS[3])
redis.call("XADD", KEYS[1], sequence .. "-0", "id", ARGV[1], "event", ARGV[2])
redis.call("HSET", KEYS[2], ARGV[1], sequence)
local excess = redis.call("XLEN", KEYS[1]) - tonumber(ARGV[3])
if excess > 0 then
  for _, entry in ipairs(redis.call("XRANGE", KEYS[1], "-", "+", "COUNT", excess)) do
    redis.call("HDEL", KEYS[2], entry[2][2])
    redis.call("XDEL", KEYS[1], entry[1])
  end
end
return sequence
