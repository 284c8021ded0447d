-- What a node has to know of one organisation, as of one moment.
--
-- KEYS: head, events, retained
-- ARGV: the number from which on events are wanted, or nothing; most entries; `r` when retained payloads are wanted
-- Answers the head's fields, the entries, the retained payloads.

local head = redis.call('HMGET', KEYS[1], 'born', 'epoch', 'seq', 'erased', 'eras')
local entries, retained = {}, {}
if ARGV[1] ~= '' then
    entries = redis.call('XRANGE', KEYS[2], ARGV[1], '+', 'COUNT', ARGV[2])
end
if ARGV[3] == 'r' then
    retained = redis.call('HVALS', KEYS[3])
end
return { head, entries, retained }
