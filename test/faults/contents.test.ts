import { describe, expect, onTestFinished, test } from 'vitest';
import { startFacadeOver } from '../support/facade.ts';
import { startUpstream } from '../support/upstream.ts';
import { type Misbehaviour, misbehaviours } from './misbehaviour.ts';

const KEY = 'sk-of-the-content-of-files-0123456789';

const SETTINGS = {
  timeoutMs: 3_000,
  operationTimeoutMs: 8_000,
  maxRetries: 1,
  headers: { authorization: `Bearer ${KEY}` },
};

/** Content can be of any type and length, so these are content. The client takes at most so many bytes of it. */
const CONTENT: Readonly<Record<string, number>> = {
  'sends one byte a second': 1,
  'sends a web page with 200': 1e6,
  'sends truncated JSON': 1e6,
  'sends nothing with 200': 1e6,
  'sends JSON of the wrong shape': 1e6,
  'sends an error with 200': 1e6,
  'sends a body of 50 MB': 60e6,
  'sends a body without end': 1e6,
  'sends a gzip bomb': 1e6,
};

const BREAKS_OFF = 'resets within the body';

/** Once its header has arrived, content is not requested again. */
const IS_SENT_ONCE = ['resets after the header', BREAKS_OFF];

/** The status of errors of which the upstream sent none. */
const STATUSES: Partial<Record<Misbehaviour['code'], number>> = {
  UPSTREAM_UNAVAILABLE: 502,
  UPSTREAM_TIMEOUT: 504,
  UPSTREAM_ERROR: 500,
};

const statusOf = ({ name, code }: Misbehaviour) => {
  if (code === 'UPSTREAM_INVALID_RESPONSE') return 502;
  return Number(/^sends (\d{3})\b/.exec(name)?.[1] ?? STATUSES[code]);
};

/** The response as a client gets it that leaves after `mostBytes`. */
const contentOf = async (url: string, mostBytes: number) => {
  const response = await fetch(new URL('/v1/files/file-1/content', url));
  const parts: Uint8Array[] = [];
  let left = mostBytes;
  let isWhole = true;
  try {
    for await (const part of response.body ?? []) {
      parts.push(part);
      left -= part.length;
      if (left <= 0) break;
    }
  } catch {
    isWhole = false;
  }
  return { status: response.status, isWhole, text: Buffer.concat(parts).toString(), headers: [...response.headers] };
};

const startScripted = async (routes: Parameters<typeof startUpstream>[0]) => {
  const upstream = await startUpstream(routes);
  onTestFinished(() => upstream.close());
  return upstream;
};

describe('the content of a file is passed on, breaks off or is an error, and the key is in no output, if the upstream', () => {
  test.each(misbehaviours('http://elsewhere.invalid', KEY).map(({ name }) => name))('%s', async (name) => {
    const elsewhere = await startScripted(() => ({ id: 'file-1' }));
    const fault = misbehaviours(elsewhere.url, KEY).find((one) => one.name === name);
    if (fault === undefined) throw new Error(`There is no misbehaviour "${name}".`);
    const upstream = await startScripted(() => fault.response);
    const { url, query, logged } = await startFacadeOver(upstream.url, SETTINGS);

    const { status, isWhole, text, headers } = await contentOf(url, CONTENT[name] ?? 1e6);
    const hasBegun = CONTENT[name] !== undefined || name === BREAKS_OFF;
    expect({ status, isWhole }).toEqual({
      status: hasBegun ? 200 : statusOf(fault),
      isWhole: name !== BREAKS_OFF,
    });
    expect(text).toMatch(hasBegun ? /^/ : /^\{"error":\{"message":"./);
    expect(upstream.calls).toHaveLength(fault.isRetried === true && !IS_SENT_ONCE.includes(name) ? 2 : 1);
    expect(JSON.stringify([text, headers, logged])).not.toContain(KEY);
    expect(elsewhere.calls).toEqual([]);
    expect((await query('{ __typename }')).data).toEqual({ __typename: 'Query' });
  });
});
