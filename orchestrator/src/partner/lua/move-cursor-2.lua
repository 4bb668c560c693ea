-- One event of a webhook is settled: its cursor moves on, and what could not be delivered is kept as a dead letter.
-- KEYS 1 webhooks (hash by id) · 2 dead letters (hash by `<webhook id> <sequence>`)
-- ARGV 1 webhook id · 2 webhook as JSON before · 3 webhook as JSON after · 4 dead letter's field, or "" · 5 dead letter as JSON
-- Returns 1 when done, 0 when the webhook was changed or removed meanwhile.
if redis.call("HGET", KEYS[1], ARGV[1]) ~= ARGV[2] then return 0 end
redis.call("HSET", KEYS[1], ARGV[1], ARGV[3])
if ARGV[4] ~= "" then redis.call("HSET", KEYS[2], ARGV[4], ARGV[5]) end
return 1
