-- Makes a ticket good for one stream more, and tells the node whose stream that closes.
--
-- KEYS: ticket
-- ARGV: how it is handed on, channel, message without the stream's number, how long a ticket without an end lives (ms)
-- Answers what the ticket stands for, and the number of the stream; nothing when there is no such ticket.

local ticket = redis.call('HMGET', KEYS[1], 'bearer', 'until', 'stream')
if not ticket[1] then
    return false
end
local time = redis.call('TIME')
-- The clock is in it, so that what a failover loses is not counted again.
local stream = math.max(tonumber(ticket[3] or 0) + 1, time[1] * 1000 + math.floor(time[2] / 1000))
stream = string.format('%.0f', stream)
redis.call('HSET', KEYS[1], 'stream', stream)
if ticket[3] then
    redis.call(ARGV[1], ARGV[2], ARGV[3] .. stream)
elseif ticket[2] then
    redis.call('PEXPIREAT', KEYS[1], ticket[2])
else
    redis.call('PEXPIRE', KEYS[1], ARGV[4])
end
return { ticket[1], stream }
