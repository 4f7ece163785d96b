/**
 * The scripts of the answer cache. Times are Redis's own, in ms; an answer is stored as `<at>:<value>`, and its size as
 * what Redis needs for it. All keys share the hash tag of the tenant's prefix; ARGV[1] is what the keys of answers begin
 * with, for those that are removed because others were used later.
 */

const head = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local function read(key)
  local stored = redis.call('GET', key)
  if not stored then return nil end
  local colon = string.find(stored, ':', 1, true)
  return tonumber(string.sub(stored, 1, colon - 1)), string.sub(stored, colon + 1)
end
`;

/**
 * What to do about a request.
 * KEYS the answer, its lease, when answers were used · ARGV start of keys, the request's key, a token, the lease in ms, how
 * long an answer is fresh in ms
 * → {'fresh', its age, the answer} · {'leased', age, answer}: the caller calls; an answer that may be served if the call
 *   fails, '' without one · {'busy', ms until the lease ends}: another one calls
 */
export const takeScript = `${head}
local at, value = read(KEYS[1])
if at and now - at <= tonumber(ARGV[5]) then
  redis.call('ZADD', KEYS[3], now, ARGV[2])
  return {'fresh', math.max(0, now - at), value}
end
if redis.call('SET', KEYS[2], ARGV[3], 'NX', 'PX', ARGV[4]) then
  return {'leased', at and math.max(0, now - at) or 0, value or ''}
end
return {'busy', math.max(1, redis.call('PTTL', KEYS[2])), ''}`;

/**
 * The answer, only if it is fresh.
 * KEYS the answer, when answers were used · ARGV the request's key, how long an answer is fresh in ms
 */
export const findScript = `${head}
local at, value = read(KEYS[1])
if not at or now - at > tonumber(ARGV[2]) then return {'none', 0, ''} end
redis.call('ZADD', KEYS[2], now, ARGV[1])
return {'fresh', math.max(0, now - at), value}`;

/** KEYS the lease · ARGV the token, the lease in ms → 1: it is still the caller's */
export const renewScript = `
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
return redis.call('PEXPIRE', KEYS[1], ARGV[2])`;

/** KEYS the lease, the channel · ARGV the token, the request's key */
export const releaseScript = `
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
redis.call('DEL', KEYS[1])
redis.call('PUBLISH', KEYS[2], ARGV[2])
return 1`;

/**
 * Stores an answer, ends the lease and keeps the answer for the work that asked, all at once. An answer whose lease was
 * lost does not replace one that may be newer; the work keeps it all the same.
 * KEYS the answer, its lease, when answers were used, their sizes, their size in all, the channel, the work (a hash) ·
 * ARGV start of keys, the request's key, the token, the answer, how long it is kept in ms, the bound of all answers in
 * bytes, the work's field ('' for none), its value, how long it is kept in ms
 */
export const putScript = `${head}
local function remove(member)
  local size = tonumber(redis.call('HGET', KEYS[4], member) or '0')
  redis.call('DEL', ARGV[1] .. member)
  redis.call('ZREM', KEYS[3], member)
  redis.call('HDEL', KEYS[4], member)
  return redis.call('DECRBY', KEYS[5], size)
end
if ARGV[7] ~= '' then
  redis.call('HSET', KEYS[7], ARGV[7], ARGV[8])
  redis.call('PEXPIRE', KEYS[7], ARGV[9])
end
if redis.call('GET', KEYS[2]) ~= ARGV[3] then return 0 end
redis.call('DEL', KEYS[2])
local size = 2 * #ARGV[1] + 3 * #ARGV[2] + #ARGV[4] + 400
remove(ARGV[2])
redis.call('SET', KEYS[1], string.format('%.0f', now) .. ':' .. ARGV[4], 'PX', ARGV[5])
redis.call('ZADD', KEYS[3], now, ARGV[2])
redis.call('HSET', KEYS[4], ARGV[2], size)
local total = redis.call('INCRBY', KEYS[5], size)
for _, old in ipairs(redis.call('ZRANGEBYSCORE', KEYS[3], '-inf', now - ARGV[5], 'LIMIT', 0, 10)) do total = remove(old) end
while total > tonumber(ARGV[6]) do
  local oldest = redis.call('ZRANGE', KEYS[3], 0, 0)[1]
  if not oldest then break end
  total = remove(oldest)
end
redis.call('PUBLISH', KEYS[6], ARGV[2])
return 1`;
