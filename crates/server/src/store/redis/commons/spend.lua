-- Grants a node some of what a publisher may publish in this second: what it asks for, and a portion more, so that it
-- need not ask for each event.
--
-- KEYS: what the publisher was granted
-- ARGV: events a second, events that are asked for
-- Answers how many are granted; zero when that many are not left.

local second = redis.call('TIME')[1]
local granted = redis.call('HMGET', KEYS[1], 'second', 'events')
local spent = granted[1] == second and tonumber(granted[2]) or 0
local left = ARGV[1] - spent
local wanted = tonumber(ARGV[2])
if wanted > left then
    return 0
end
local grant = math.max(wanted, math.floor(left / 8))
redis.call('HSET', KEYS[1], 'second', second, 'events', spent + grant)
redis.call('PEXPIRE', KEYS[1], 2000)
return grant
