import { onTestFinished } from 'vitest';
import { assistant, message, pageOf, run, thread, toolStep as step } from '../graph/fixtures.ts';
import { refusal, reply, startUpstream, type UpstreamCall } from '../support/upstream.ts';

/** The credential that a call brought; null if it brought none. */
export const keyOf = ({ headers }: Pick<UpstreamCall, 'headers'>): string | null => {
  const given = [headers.authorization?.replace('Bearer ', ''), headers['api-key']].filter((one) => one !== undefined);
  return given.length === 0 ? null : given.join(' and ');
};

/** Keys that the upstream knows, and the names of their owners, which stand in every object that it returns. */
export const owners = new Map<string | null, string>([
  ['key-of-ann-0123456789', 'ANN'],
  ['key-of-bob-0123456789', 'BOB'],
  ['key-of-the-server-0123', 'SERVER'],
]);

/**
 * An upstream at which every key sees its own objects under the same ids, a call without a key gets 401, and everyone's errors
 * repeat the key.
 */
export const startKeyedUpstream = async () => {
  const upstream = await startUpstream((call) => {
    const key = keyOf(call);
    const owner = owners.get(key);
    if (owner === undefined) return refusal(401, `Incorrect API key provided: ${key}`);
    return objectAt(call, owner, `Not for ${key}`);
  });
  onTestFinished(() => upstream.close());
  return upstream;
};

const objectAt = ({ method, path }: UpstreamCall, owner: string, echo: string): unknown => {
  const own = { metadata: { owner } };
  const ended = { ...run, ...own, status: 'completed' };
  if (path.includes('forbidden')) return refusal(403, echo);
  if (path.includes('limited'))
    return reply({
      status: 429,
      headers: { 'retry-after': '0', 'x-request-id': echo },
      json: { error: { message: echo } },
    });
  if (path === '/assistants' && method === 'GET') return pageOf({ ...assistant, ...own });
  if (path.startsWith('/assistants')) return { ...assistant, ...own, id: path.split('/')[2] ?? 'asst_1' };
  if (path.endsWith('/messages') && method === 'GET') return pageOf({ ...message, ...own });
  if (path.includes('/messages')) return { ...message, ...own };
  if (path.endsWith('/steps')) return pageOf({ ...step, ...own });
  if (path.endsWith('/runs') && method === 'GET') return pageOf(ended);
  if (path.includes('/runs')) return ended;
  return { ...thread, ...own };
};
