-- Numbers, keeps and hands on the events of one organisation, in one step.
--
-- KEYS: head, events, keys, keys by time, retained, retained by number
-- ARGV: how it is handed on, channel, most events, longest age (ms), key time (ms), most retained payloads, the
-- latest epoch that the caller knows of, then of each event: key, digest, retained field, entry. An empty key or field is none.
-- Answers the epoch, then of each event its number, or `r` or `k` and the id under which its key is known.

local head = redis.call('HMGET', KEYS[1], 'epoch', 'seq', 'replid', 'eras')
local replid = string.match(redis.call('INFO', 'replication'), 'master_replid:(%x+)')
local epoch, seq = tonumber(head[1] or 0), tonumber(head[2] or 0)
-- A caller knows of a later epoch when this history was emptied or set back by hand.
local began = replid ~= head[3] or tonumber(ARGV[7]) > epoch
local time
local function seconds()
    time = time or tonumber(redis.call('TIME')[1])
    return time
end
if began then
    epoch = math.max(epoch + 1, ARGV[7] + 1, seconds())
end

local answers, fields, entries = { epoch }, {}, {}
local last, repeated, keyed = seq, false, false
for at = 8, #ARGV, 4 do
    local key, field = ARGV[at], ARGV[at + 2]
    local known = key ~= '' and redis.call('HGET', KEYS[3], key)
    if known then
        local digest, place = string.match(known, '^(%S+) (%S+)$')
        answers[#answers + 1] = (digest == ARGV[at + 1] and 'r' or 'k') .. place
        repeated = true
    else
        last = last + 1
        local entry = ARGV[at + 3]
        entries[#entries + 1] = entry
        fields[#fields + 1] = ''
        fields[#fields + 1] = entry
        answers[#answers + 1] = last
        if key ~= '' then
            redis.call('HSET', KEYS[3], key, string.format('%s %.0f-%.0f', ARGV[at + 1], epoch, last))
            redis.call('ZADD', KEYS[4], seconds(), key)
            keyed = true
        end
        if field ~= '' then
            redis.call('HSET', KEYS[5], field, string.format('%.0f-%.0f ', epoch, last) .. entry)
            redis.call('ZADD', KEYS[6], last, field)
            if redis.call('ZCARD', KEYS[6]) > tonumber(ARGV[6]) then
                redis.call('HDEL', KEYS[5], redis.call('ZPOPMIN', KEYS[6])[1])
            end
        end
    end
end

if last > seq then
    local place = string.format('%.0f-%.0f', last, epoch)
    redis.call('XADD', KEYS[2], 'MINID', '~', math.max(0, last - ARGV[3]), place, unpack(fields))
    if began then
        local eras = (head[4] and head[4] .. ',' or '') .. string.format('%.0f-%.0f', epoch, seq + 1)
        redis.call('HSET', KEYS[1], 'epoch', epoch, 'seq', last, 'replid', replid, 'eras', eras)
        redis.call('HSETNX', KEYS[1], 'born', epoch)
    else
        redis.call('HSET', KEYS[1], 'seq', last)
    end
    redis.call('PEXPIRE', KEYS[2], ARGV[4])
    -- Now and then, because looking costs as much as adding.
    if math.floor(last / 64) > math.floor(seq / 64) then
        local oldest = seconds() * 1000 - ARGV[4]
        for _ = 1, 64 do
            -- One at a time, because an entry may hold many events and is seldom old.
            local entry = redis.call('XRANGE', KEYS[2], '-', '+', 'COUNT', 1)[1]
            if not entry or tonumber(string.match(entry[2][2], '"at":(%d+)') or 0) > oldest then
                break
            end
            redis.call('XDEL', KEYS[2], entry[1])
        end
    end
    if keyed then
        local old = redis.call('ZRANGEBYSCORE', KEYS[4], '-inf', seconds() - ARGV[5] / 1000 - 1, 'LIMIT', 0, 100)
        if #old > 0 then
            redis.call('HDEL', KEYS[3], unpack(old))
            redis.call('ZREM', KEYS[4], unpack(old))
        end
        redis.call('PEXPIRE', KEYS[3], ARGV[5])
        redis.call('PEXPIRE', KEYS[4], ARGV[5])
    end
    redis.call(ARGV[1], ARGV[2], 'e' .. place .. '\n' .. table.concat(entries))
elseif repeated then
    -- A write, so that whoever waits for replicas waits for what was written before as well.
    redis.call('HSET', KEYS[1], 'seq', seq)
end
return answers
