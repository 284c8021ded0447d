-- Keeps a catalog as the next revision, unless another one than expected is kept by now. One of several wins.
--
-- KEYS: catalog
-- ARGV: revision and digest of the catalog that it was judged by, the catalog, its digest, the latest revision that the
-- caller knows of
-- Answers the revision that is kept now, and its catalog when that is another one.

local kept = tonumber(redis.call('HGET', KEYS[1], 'revision') or 0)
-- A revision alone does not tell: where a history was lost, another one begins with the same numbers.
local is_expected = kept == tonumber(ARGV[1]) and redis.call('HGET', KEYS[1], 'digest') == ARGV[2]
if kept > 0 and not is_expected then
    return { kept, redis.call('HGET', KEYS[1], 'json') }
end
local revision = math.max(kept, tonumber(ARGV[5])) + 1
redis.call('HSET', KEYS[1], 'revision', revision, 'json', ARGV[3], 'digest', ARGV[4])
return { revision }
