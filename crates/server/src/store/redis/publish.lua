-- Numbers, keeps and hands on the events of one organisation, in one step. A function and no script, for what it
-- remembers from one call to the next: which server it runs on.
--
-- keys: head, events; and where an event has a key or is retained: keys, keys by time, retained, retained by number
-- args: how it is handed on, channel, most events, longest age (ms), key time (ms), most retained payloads, the
-- latest epoch that the caller knows of, the time (ms), what the caller drew to tell an epoch that begins now from others
-- of its second; then how many events there are and all their entries in one, and where there are six keys key, digest,
-- retained field and entry of each instead. An empty key or field is none.
-- Answers the epoch and the number of the last event; and where there are six keys of each event its number, or `r` or `k`
-- and the id under which its key is known.

-- The replication id under which this server began to number. Invariant: while it is remembered, this server has lost
-- nothing that it numbered under it. What loses something makes it forget: a restart and a full synchronisation load the
-- library anew. A replica takes no writes, so it remembers nothing before it is promoted. One that synchronises in part
-- has a history that goes on from its own; what another server numbered meanwhile bears another id.
local server

local function server_now(call)
    local told = call('INFO', 'replication')
    return string.find(told, 'role:master', 1, true) and string.match(told, 'master_replid:(%x+)')
end

-- Far enough apart to cost little, near enough that nothing expires too early, whatever the callers' clocks say.
local function is_due(last, now, span)
    return not last or math.abs(now - last) > span / 16
end

local function publish(KEYS, ARGV)
    local call, format = redis.call, string.format
    server = server or server_now(call)
    if not server then
        return redis.error_reply("READONLY You can't write against a read only replica.")
    end
    local head = call('HMGET', KEYS[1], 'epoch', 'seq', 'replid', 'kept', 'keyed')
    local epoch, seq = tonumber(head[1] or 0), tonumber(head[2] or 0)
    local now, age = tonumber(ARGV[8]), tonumber(ARGV[4])
    -- A caller knows of a later epoch when this history was emptied or set back by hand.
    local began = server ~= head[3] or tonumber(ARGV[7]) > epoch
    local is_plain = not KEYS[3]
    local seconds = (began or not is_plain) and tonumber(call('TIME')[1])
    if began then
        -- The caller draws, because chance is the same on every server: two that are promoted at once, from one history, with
        -- one clock or behind it, have to differ.
        epoch = math.max(math.max(epoch, ARGV[7]) + 1 + ARGV[9], seconds * 1048576 + ARGV[9])
    end

    if not head[1] then
        -- The head was thrown away, by hand or for want of memory: what it told of is of no use without it.
        call('DEL', unpack(KEYS, 2))
    end

    local last, entries, answers = seq, ARGV[11], { epoch }
    local repeated = false
    -- Written after the events, so that nothing tells of an event that could not be kept.
    local keys, retained = {}, {}
    if is_plain then
        last = seq + ARGV[10]
    else
        local taken = {}
        for at = 10, #ARGV, 4 do
            local key, digest, field, entry = ARGV[at], ARGV[at + 1], ARGV[at + 2], ARGV[at + 3]
            local known = key ~= '' and (keys[key] or call('HGET', KEYS[3], key))
            if known then
                local other, place = string.match(known, '^(%S+) (%S+)$')
                answers[#answers + 1] = (other == digest and 'r' or 'k') .. place
                repeated = true
            else
                last = last + 1
                taken[#taken + 1] = entry
                answers[#answers + 1] = last
                if key ~= '' then
                    keys[key] = format('%s %d-%d', digest, epoch, last)
                end
                if field ~= '' then
                    retained[#retained + 1] = { field, last, format('%d-%d ', epoch, last) .. entry }
                end
            end
        end
        entries = table.concat(taken)
    end
    table.insert(answers, 2, last)

    if last == seq then
        if repeated then
            -- A write, so that whoever waits for replicas waits for what was written before as well.
            call('HSET', KEYS[1], 'seq', seq)
        end
        return answers
    end
    local place = format('%d-%d', last, epoch)
    call('XADD', KEYS[2], place, '', entries)
    -- As text, because Redis spells numbers at length.
    call('HSET', KEYS[1], 'seq', format('%d', last))
    if began then
        local eras = call('HGET', KEYS[1], 'eras')
        eras = (eras and eras .. ',' or '') .. format('%d-%d', epoch, seq + 1)
        call('HSET', KEYS[1], 'epoch', format('%d', epoch), 'replid', server, 'eras', eras)
        call('HSETNX', KEYS[1], 'born', format('%d', epoch))
    end
    for key, value in pairs(keys) do
        call('HSET', KEYS[3], key, value)
        call('ZADD', KEYS[4], seconds, key)
    end
    for _, one in ipairs(retained) do
        call('HSET', KEYS[5], one[1], one[3])
        call('ZADD', KEYS[6], one[2], one[1])
        if call('ZCARD', KEYS[6]) > tonumber(ARGV[6]) then
            call('HDEL', KEYS[5], call('ZPOPMIN', KEYS[6])[1])
        end
    end
    local due = is_due(head[4], now, age)
    if due then
        call('PEXPIRE', KEYS[2], math.ceil(age * 1.125))
        call('HSET', KEYS[1], 'kept', now)
    end
    local key_ms = tonumber(ARGV[5])
    if next(keys) and is_due(head[5], now, key_ms) then
        call('PEXPIRE', KEYS[3], math.ceil(key_ms * 1.125))
        call('PEXPIRE', KEYS[4], math.ceil(key_ms * 1.125))
        call('HSET', KEYS[1], 'keyed', now)
    end
    -- Now and then, because looking costs as much as adding.
    if due or math.floor(last / 256) > math.floor(seq / 256) then
        call('XTRIM', KEYS[2], 'MINID', '~', math.max(0, last - ARGV[3]))
        local oldest = now - age
        for _ = 1, 256 do
            -- One at a time, because an entry may hold many events and is seldom old.
            local entry = call('XRANGE', KEYS[2], '-', '+', 'COUNT', 1)[1]
            if not entry or tonumber(string.match(entry[2][2], '"at":(%d+)') or 0) > oldest then
                break
            end
            call('XDEL', KEYS[2], entry[1])
        end
        if not is_plain then
            local old = call('ZRANGEBYSCORE', KEYS[4], '-inf', seconds - key_ms / 1000 - 1, 'LIMIT', 0, 512)
            if #old > 0 then
                call('HDEL', KEYS[3], unpack(old))
                call('ZREM', KEYS[4], unpack(old))
            end
        end
    end
    -- It is kept, whatever becomes of the wake-up: nodes look for what they missed.
    redis.pcall(ARGV[1], ARGV[2], 'e' .. place .. '\n' .. entries)
    return answers
end
