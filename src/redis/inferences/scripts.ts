/*
 * KEYS the sums, the known types, the spool, the window, the windows to send, the mark of these inferences
 * ARGV the most types and what the others are called, the requests of a window, the most windows, an id for this Redis
 * content, the ms that the mark is kept (0: none is set), the inferences as JSON.
 * Sums are whole numbers below 2^53, written in full, because Lua would shorten large ones.
 */
export const recordScript = `
local keptMs = tonumber(ARGV[6])
if keptMs > 0 and not redis.call('SET', KEYS[6], '1', 'NX', 'PX', keptMs) then return {0, redis.call('LLEN', KEYS[3])} end
local mostTypes, other, ofWindow, mostWindows = tonumber(ARGV[1]), ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[4])
local function whole(number) return string.format('%.0f', number) end
local function add(field, by) redis.call('HINCRBY', KEYS[1], field, whole(by)) end
local function labelOf(type)
  if type == other or redis.call('SISMEMBER', KEYS[2], type) == 1 then return type end
  if redis.call('SCARD', KEYS[2]) >= mostTypes then return other end
  redis.call('SADD', KEYS[2], type)
  return type
end
local sums = {'requests', 'latencyUs', 'cacheHits', 'entities', 'confidenceMillionths'}
local function addToWindow(totals, at)
  for _, name in ipairs(sums) do redis.call('HINCRBY', KEYS[4], name, whole(totals[name])) end
  if tonumber(redis.call('HGET', KEYS[4], 'requests')) < ofWindow then return end
  redis.call('HSETNX', KEYS[4], 'epoch', ARGV[5])
  local parts = {redis.call('HGET', KEYS[4], 'epoch'), redis.call('HINCRBY', KEYS[4], 'number', 1), whole(at)}
  for _, name in ipairs(sums) do parts[#parts + 1] = redis.call('HGET', KEYS[4], name) end
  redis.call('HDEL', KEYS[4], unpack(sums))
  redis.call('RPUSH', KEYS[5], table.concat(parts, ' '))
  redis.call('LTRIM', KEYS[5], -mostWindows, -1)
end
for _, each in ipairs(cjson.decode(ARGV[7])) do
  for field, by in pairs(each.fields) do add(field, by) end
  for _, counted in ipairs(each.types) do
    local start = counted.start .. labelOf(counted.type)
    for rest, by in pairs(counted.fields) do add(start .. rest, by) end
  end
  redis.call('RPUSH', KEYS[3], each.entry)
  if each.totals then addToWindow(each.totals, each.at) end
end
return {1, redis.call('LLEN', KEYS[3])}`;

/*
 * KEYS the spool, the claims, the start of the keys of batches (the ids behind it are of this script's own making)
 * ARGV an id for a new batch, the newest known segment of the audit log, the most entries of a batch, the ms between
 * batches that are not full, the ms after which a claim is taken over.
 * A claim is 'TIME SEGMENT'; 'last' is the time of the last batch.
 */
export const claimScript = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local most, everyMs, claimMs = tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[5])
local claims = redis.call('HGETALL', KEYS[2])
local last = 0
for index = 1, #claims, 2 do
  local id, claim = claims[index], claims[index + 1]
  if id == 'last' then
    last = tonumber(claim)
  else
    local at, segment = string.match(claim, '^(%d+) (%d+)$')
    if now - tonumber(at) >= claimMs then
      redis.call('HSET', KEYS[2], id, string.format('%.0f', now) .. ' ' .. segment)
      return {id, segment, redis.call('LRANGE', KEYS[3] .. id, 0, -1)}
    end
  end
end
local waiting = redis.call('LLEN', KEYS[1])
-- A clock that was set back must not hold batches up.
if waiting == 0 or (waiting < most and now >= last and now - last < everyMs) then return false end
local entries = redis.call('LRANGE', KEYS[1], 0, most - 1)
redis.call('LTRIM', KEYS[1], most, -1)
redis.call('RPUSH', KEYS[3] .. ARGV[1], unpack(entries))
redis.call('HSET', KEYS[2], ARGV[1], string.format('%.0f', now) .. ' ' .. ARGV[2], 'last', string.format('%.0f', now))
return {ARGV[1], ARGV[2], entries}`;
