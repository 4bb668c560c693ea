-- Keeps one step of one hand-off: its state with its inbox, the messages to be sent, and the custody record, all or nothing.
-- KEYS 1 fence · 2 entries (hash) · 3 outbox (hash) · 4 ledger (list) · 5 countersigned (hash)
-- ARGV 1 our fence · 2 hand-off id · 3 entry as JSON, or "" to forget the hand-off · 4 record to append to the ledger, or ""
--      5 finished record, or "" · 6.. pairs of message id and outbox item as JSON
-- Returns 1 when kept, -1 when another process has taken over since.
if redis.call("GET", KEYS[1]) ~= ARGV[1] then return -1 end
if ARGV[3] == "" then
  redis.call("HDEL", KEYS[2], ARGV[2])
else
  redis.call("HSET", KEYS[2], ARGV[2], ARGV[3])
end
if ARGV[4] ~= "" then redis.call("RPUSH", KEYS[4], ARGV[4]) end
if ARGV[5] ~= "" then redis.call("HSET", KEYS[5], ARGV[2], ARGV[5]) end
for i = 6, #ARGV, 2 do redis.call("HSET", KEYS[3], ARGV[i], ARGV[i + 1]) end
return 1
