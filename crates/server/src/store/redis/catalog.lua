-- Keeps a catalog as the next revision, unless another one than expected is kept by now. One of several wins.
--
-- KEYS: catalog
-- ARGV: the revision that it was judged by, the catalog, the latest revision that the caller knows of
-- Answers the revision that is kept now, and its catalog when that is another one.

local kept = tonumber(redis.call('HGET', KEYS[1], 'revision') or 0)
if kept ~= tonumber(ARGV[1]) then
    return { kept, redis.call('HGET', KEYS[1], 'json') }
end
-- Nodes follow later revisions alone, also when what was kept is lost.
local revision = math.max(kept, tonumber(ARGV[3])) + 1
redis.call('HSET', KEYS[1], 'revision', revision, 'json', ARGV[2])
return { revision }
