import { createHash } from 'node:crypto';
import type { SharedCalls } from '../engine/models/endpoint/sharedCalls.ts';
import type { SharedServer } from './sharedServer.ts';

/** Undefined: no limit. */
export interface SharedCallLimits {
  readonly requestsPerMinute: number | undefined;
  readonly tokensPerMinute: number | undefined;
}

/**
 * Counts a call unless a limit is reached, in slots of one second by the server's clock: no 60 seconds have more than allowed. A
 * call larger than the tokens of a minute counts as all of them. KEYS: requests and tokens by second. ARGV: the two limits (-1 for
 * none) and the tokens of the call. Returns the milliseconds to wait and the slot.
 */
const TAKE = `
local time = redis.call('TIME')
local slot = tonumber(time[1])
local now = slot * 1000 + math.floor(tonumber(time[2]) / 1000)
local function wait(key, limit, amount)
  local used, slots = 0, {}
  local fields = redis.call('HGETALL', key)
  for index = 1, #fields, 2 do
    local at, count = tonumber(fields[index]), tonumber(fields[index + 1])
    if at <= slot - 61 then
      redis.call('HDEL', key, fields[index])
    else
      used = used + count
      slots[#slots + 1] = { at = at, count = count }
    end
  end
  local excess = used + math.min(amount, limit) - limit
  if limit < 0 or excess <= 0 then return 0 end
  table.sort(slots, function(one, other) return one.at < other.at end)
  for _, each in ipairs(slots) do
    excess = excess - each.count
    if excess <= 0 then return (each.at + 61) * 1000 - now end
  end
  return 60000
end
local tokens = tonumber(ARGV[3])
local longest = math.max(wait(KEYS[1], tonumber(ARGV[1]), 1), wait(KEYS[2], tonumber(ARGV[2]), tokens))
if longest > 0 then return { math.ceil(longest), time[1] } end
redis.call('HINCRBY', KEYS[1], time[1], 1)
redis.call('HINCRBY', KEYS[2], time[1], tokens)
redis.call('EXPIRE', KEYS[1], 120)
redis.call('EXPIRE', KEYS[2], 120)
return { 0, time[1] }
`;

/** Adds to the tokens of a slot, if it still counts. */
const ADD = `
if redis.call('HEXISTS', KEYS[1], ARGV[1]) == 1 then redis.call('HINCRBY', KEYS[1], ARGV[1], ARGV[2]) end
`;

/** The limits per minute of a model endpoint, which all replicas with the same `baseUrl` keep together. */
export const sharedCallsOn = (server: SharedServer, baseUrl: string, limits: SharedCallLimits): SharedCalls => {
  const name = createHash('sha256').update(baseUrl).digest('hex').slice(0, 16);
  // The braces keep both on one node of a cluster.
  const requests = `assistants-graphql:{calls:${name}}:requests`;
  const tokensUsed = `assistants-graphql:{calls:${name}}:tokens`;
  const allowed = [limits.requestsPerMinute, limits.tokensPerMinute].map((limit) => String(limit ?? -1));
  return {
    take: async (tokens) => {
      const reply = await server.send('EVAL', TAKE, '2', requests, tokensUsed, ...allowed, String(Math.ceil(tokens)));
      const [waitMs, slot]: unknown[] = Array.isArray(reply) ? reply : [];
      if (typeof waitMs !== 'number' || typeof slot !== 'string') return { waitMs: 0, slot: undefined };
      return { waitMs, slot };
    },
    add: (slot, tokens) => void server.send('EVAL', ADD, '1', tokensUsed, slot, String(Math.ceil(tokens))),
  };
};
