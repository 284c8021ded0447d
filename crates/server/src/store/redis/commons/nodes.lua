-- Says that a node is alive, and who else is.
--
-- KEYS: nodes
-- ARGV: this node, for how long it is alive (ms), for how long those who are not are known (ms)
-- Answers who is alive, and who is not.

local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('ZADD', KEYS[1], now + ARGV[2], ARGV[1])
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now - ARGV[3])
return {
    redis.call('ZRANGEBYSCORE', KEYS[1], '(' .. string.format('%.0f', now), '+inf'),
    redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', now),
}
