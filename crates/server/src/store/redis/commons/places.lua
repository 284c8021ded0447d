-- States how many streams a node has open for one organisation, and lets more in while there are places.
--
-- KEYS: streams by node; streams by user on this node; streams by user on each other node that is alive
-- ARGV: this node; for how long this is believed (ms); its streams as it stated them last, and now; places of the
-- organisation, of a user; then, each after their number: the other nodes that are alive, as the keys; those that are not;
-- users whose streams are stated, each with their number; streams that want in, each as its user, or nothing, and
-- how many that user has open here.
-- Answers a node that is in neither list, for the caller to find out about. Else whether what was stated last is known,
-- and of each stream `in`, `org` or `user`: whose places are all taken.

local at = 7
local function each(size, take)
    local count = tonumber(ARGV[at])
    at = at + 1
    for index = 1, count do
        take(ARGV[at], ARGV[at + 1], index)
        at = at + size
    end
end

local alive = {}
each(1, function(node, _, index)
    alive[node] = KEYS[index + 2]
end)
each(1, function(node)
    redis.call('HDEL', KEYS[1], node)
end)

local me, total, others, is_known = ARGV[1], tonumber(ARGV[4]), {}, ARGV[3] == '0'
local stated = redis.call('HGETALL', KEYS[1])
for index = 1, #stated, 2 do
    local node, streams = stated[index], stated[index + 1]
    if node == me then
        is_known = streams == ARGV[3]
    elseif alive[node] then
        total = total + streams
        others[#others + 1] = alive[node]
    else
        return { node }
    end
end

local mine, users = tonumber(ARGV[4]), {}
each(2, function(user, streams)
    if streams == '0' then
        redis.call('HDEL', KEYS[2], user)
    else
        redis.call('HSET', KEYS[2], user, streams)
    end
end)
local verdicts = { is_known and 'known' or 'lost', '' }
each(2, function(user, here)
    local of_user = users[user]
    if user ~= '' and not of_user then
        of_user = { here = tonumber(here), elsewhere = 0 }
        for _, other in ipairs(others) do
            of_user.elsewhere = of_user.elsewhere + (redis.call('HGET', other, user) or 0)
        end
        users[user] = of_user
    end
    if total >= tonumber(ARGV[5]) then
        verdicts[#verdicts + 1] = 'org'
    elseif of_user and of_user.here + of_user.elsewhere >= tonumber(ARGV[6]) then
        verdicts[#verdicts + 1] = 'user'
    else
        verdicts[#verdicts + 1] = 'in'
        total, mine = total + 1, mine + 1
        if of_user then
            of_user.here = of_user.here + 1
            redis.call('HSET', KEYS[2], user, of_user.here)
        end
    end
end)
if mine > 0 then
    redis.call('HSET', KEYS[1], me, mine)
    redis.call('PEXPIRE', KEYS[1], ARGV[2])
    redis.call('PEXPIRE', KEYS[2], ARGV[2])
else
    redis.call('HDEL', KEYS[1], me)
    redis.call('DEL', KEYS[2])
end
return verdicts
