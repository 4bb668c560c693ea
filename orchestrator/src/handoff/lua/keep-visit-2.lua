-- Keeps what is known of a visit, in place of what was kept of its vehicle before.
-- KEYS 1 fence · 2 visits (hash)
-- ARGV 1 our fence · 2 vehicle id · 3 record as JSON
-- Returns 1 when kept, -1 when another process has taken over since.
if redis.call("GET", KEYS[1]) ~= ARGV[1] then return -1 end
redis.call("HSET", KEYS[2], ARGV[2], ARGV[3])
return 1
