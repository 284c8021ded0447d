-- Takes events out of one organisation's history for good, and tells every node.
--
-- KEYS: head, events, keys, keys by time, retained, retained by number
-- ARGV: how it is handed on, channel, message, then either `all`, or the number of events, of keys, of retained payloads
-- and then their numbers, keys, fields
-- A stream's entries cannot be changed, so it is written anew, with nothing in the place of each event that goes.

-- Before anything goes that could not be written anew.
if not redis.acl_check_cmd('XADD', KEYS[2], '*', '', '') then
    return redis.error_reply("NOPERM this user has no permissions to run the 'xadd' command")
end

if ARGV[4] == 'all' then
    redis.call('HSET', KEYS[1], 'erased', redis.call('HGET', KEYS[1], 'seq') or 0)
    redis.call('HDEL', KEYS[1], 'kept', 'keyed')
    redis.call('DEL', KEYS[2], KEYS[3], KEYS[4], KEYS[5], KEYS[6])
    redis.call(ARGV[1], ARGV[2], ARGV[3])
    return 0
end

local at = 7
local gone, count = {}, 0
for _ = 1, ARGV[4] do
    gone[tonumber(ARGV[at])] = true
    at = at + 1
end
for _ = 1, ARGV[5] do
    redis.call('HDEL', KEYS[3], ARGV[at])
    redis.call('ZREM', KEYS[4], ARGV[at])
    at = at + 1
end
for _ = 1, ARGV[6] do
    redis.call('HDEL', KEYS[5], ARGV[at])
    redis.call('ZREM', KEYS[6], ARGV[at])
    at = at + 1
end
if next(gone) then
    local entries = redis.call('XRANGE', KEYS[2], '-', '+')
    local left = redis.call('PTTL', KEYS[2])
    redis.call('DEL', KEYS[2])
    for _, entry in ipairs(entries) do
        -- Each event bears its length.
        local text, events, at = entry[2][2], {}, 1
        while at <= #text do
            local after = at + 4 + struct.unpack('<I4', text, at)
            events[#events + 1] = string.sub(text, at, after - 1)
            at = after
        end
        local before = tonumber(string.match(entry[1], '^(%d+)')) - #events
        for index in ipairs(events) do
            if gone[before + index] then
                events[index] = '\0\0\0\0'
                count = count + 1
            end
        end
        redis.call('XADD', KEYS[2], entry[1], '', table.concat(events))
    end
    if left > 0 then
        redis.call('PEXPIRE', KEYS[2], left)
    end
end
redis.call(ARGV[1], ARGV[2], ARGV[3])
return count
