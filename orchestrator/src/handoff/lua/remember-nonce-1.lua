-- Remembers a nonce, and forgets those that are too old to be accepted anyway. Times are arguments: no clock of Redis's own.
-- KEYS 1 nonces (sorted set, by creation)
-- ARGV 1 nonce with its key id · 2 created, ms · 3 forget what was created before this, ms
-- Returns 1 when it is new, 0 when it was seen.
redis.call("ZREMRANGEBYSCORE", KEYS[1], "-inf", "(" .. ARGV[3])
return redis.call("ZADD", KEYS[1], "NX", ARGV[2], ARGV[1])
