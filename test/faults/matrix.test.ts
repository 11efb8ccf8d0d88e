import { describe, expect, onTestFinished, test } from 'vitest';
import { upload } from '../graph/uploading.ts';
import { resultsOf, subscription } from '../live/subscription.ts';
import { type Facade, startFacadeOver } from '../support/facade.ts';
import { startUpstream, type UpstreamCall } from '../support/upstream.ts';
import { misbehaviours } from './misbehaviour.ts';
import { type MatrixOperation, parents, reads } from './operations.ts';
import { writes } from './writes.ts';

const KEY = 'sk-of-the-fault-matrix-0123456789';
const operations = [...reads, ...writes];

/** Short, so that faults which only end at a deadline do so soon. */
const SETTINGS = {
  timeoutMs: 3_000,
  operationTimeoutMs: 8_000,
  maxRetries: 1,
  maxUpstreamBytes: 1024 * 1024,
  headers: { authorization: `Bearer ${KEY}` },
};

const requestsEvents = (body: unknown) => body instanceof Object && 'stream' in body && body.stream === true;

const lineOf = ({ method, path, body }: UpstreamCall) =>
  `${method} ${path}${requestsEvents(body) ? ' as a stream' : ''}`;

/** The results of an operation: more than one only of a subscription. */
const sent = async ({ url, query }: Facade, { document, transport }: MatrixOperation) => {
  if (transport === 'form') return [await upload(url, { query: document, files: { 'rye.md': 'Rye is dark.' } })];
  if (transport === undefined) return [await query(document)];
  return resultsOf(subscription(transport, url, { query: document }));
};

/** What every operation returns: the code of its error, or what it has in place of one. */
const resultsOver = async (baseUrl: string) => {
  const facade = await startFacadeOver(baseUrl, SETTINGS);
  const results = await Promise.all(
    operations.map(async (operation) => {
      const returned = await sent(facade, operation);
      const [error, ...more] = returned.flatMap(({ errors = [] }) => errors);
      return {
        line: operation.line,
        code: more.length > 0 ? 'MORE_THAN_ONE' : error?.extensions?.['code'],
        results: returned,
      };
    }),
  );
  const isAlive = (await facade.query('{ __typename }')).data;
  return { results, output: JSON.stringify([results, facade.logged]), isAlive };
};

const startScripted = async (routes: Parameters<typeof startUpstream>[0]) => {
  const upstream = await startUpstream(routes);
  onTestFinished(() => upstream.close());
  return upstream;
};

test('the 16 reads and 25 writes of the matrix each make one REST call', async () => {
  const responses: Readonly<Record<string, object>> = {
    ...parents,
    ...Object.fromEntries(operations.map(({ line, response }) => [line, response])),
  };
  const upstream = await startScripted((call) => responses[lineOf(call)]);
  const { results } = await resultsOver(upstream.url);

  expect(results.filter(({ code }) => code !== undefined)).toEqual([]);
  expect([reads.length, writes.length]).toEqual([16, 25]);
  const lines = upstream.calls.map(lineOf).filter((line) => !(line in parents));
  expect(lines.toSorted()).toEqual(operations.map(({ line }) => line).toSorted());
});

test('an upstream that refuses connections is UPSTREAM_UNAVAILABLE for every operation', async () => {
  const gone = await startUpstream({});
  await gone.close();
  const { results, output, isAlive } = await resultsOver(gone.url);

  expect(results.map(({ code }) => code)).toEqual(operations.map(() => 'UPSTREAM_UNAVAILABLE'));
  expect(output).not.toContain(KEY);
  expect(isAlive).toEqual({ __typename: 'Query' });
});

describe('every operation gets the right error, no write is sent twice, and the key is in no output, if the upstream', () => {
  test.each(misbehaviours('http://elsewhere.invalid', KEY).map(({ name }) => name))('%s', async (name) => {
    const elsewhere = await startScripted(() => ({ id: 'thread_1' }));
    const fault = misbehaviours(elsewhere.url, KEY).find((one) => one.name === name);
    const upstream = await startScripted((call) => parents[lineOf(call)] ?? fault?.response);
    const { results, output, isAlive } = await resultsOver(upstream.url);

    expect(results.map(({ line, code }) => `${line}: ${String(code)}`)).toEqual(
      operations.map(({ line }) => `${line}: ${fault?.code}`),
    );
    const timesSent = (line: string) => upstream.calls.filter((call) => lineOf(call) === line).length;
    expect(operations.map(({ line }) => `${line}: ${timesSent(line)}`)).toEqual(
      operations.map(({ line }) => `${line}: ${fault?.isRetried === true && !line.startsWith('POST') ? 2 : 1}`),
    );
    expect(output).not.toContain(KEY);
    expect(elsewhere.calls).toEqual([]);
    expect(isAlive).toEqual({ __typename: 'Query' });
  });
});
