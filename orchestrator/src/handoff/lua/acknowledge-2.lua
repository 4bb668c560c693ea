-- The partner has a message: it leaves the outbox.
-- KEYS 1 fence · 2 outbox (hash)
-- ARGV 1 our fence · 2 message id
-- Returns 1 when done, -1 when another process has taken over since.
if redis.call("GET", KEYS[1]) ~= ARGV[1] then return -1 end
redis.call("HDEL", KEYS[2], ARGV[2])
return 1
