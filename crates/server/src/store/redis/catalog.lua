-- Keeps a catalog as the next revision, unless another one than expected is kept by now. One of several wins.
--
-- KEYS: catalog
-- ARGV: the revision that it was judged by, the catalog
-- Answers the revision that is kept now, and its catalog when that is another one.

local kept = tonumber(redis.call('HGET', KEYS[1], 'revision') or 0)
if kept ~= tonumber(ARGV[1]) then
    return { kept, redis.call('HGET', KEYS[1], 'json') }
end
redis.call('HSET', KEYS[1], 'revision', kept + 1, 'json', ARGV[2])
return { kept + 1 }
