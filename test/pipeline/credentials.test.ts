import { createClient } from 'graphql-ws';
import { describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { assistant, run } from '../graph/fixtures.ts';
import { startFacade } from '../support/facade.ts';
import { refusal } from '../support/upstream.ts';
import { subscription, transports } from '../live/subscription.ts';

const query = '{ assistant(assistantId: "asst_1") { name } }';

const overUpstream = () =>
  startFacade({ 'GET /assistants/asst_1': assistant }, { headers: { authorization: 'Bearer server' } });

/** Sends a query over a WebSocket whose client has these `connectionParams`. */
const queryWith = async (url: string, connectionParams: unknown) => {
  const client = createClient({
    url: url.replace('http', 'ws'),
    webSocketImpl: WebSocket,
    connectionParams: connectionParams as Record<string, unknown>,
    retryAttempts: 0,
  });
  try {
    for await (const result of client.iterate({ query })) return result;
    return undefined;
  } finally {
    await client.dispose();
  }
};

describe('the credentials of a WebSocket', () => {
  test.each([
    ['at the top', { authorization: 'Bearer theirs' }],
    ['at the top, in another case', { Authorization: 'Bearer theirs' }],
    ['in headers', { headers: { authorization: 'Bearer theirs' } }],
    ['in headers, in another case', { headers: { AUTHORIZATION: 'Bearer theirs' } }],
    ['returned by a function', async () => ({ headers: { Authorization: 'Bearer theirs' } })],
  ])('go upstream if connectionParams has them %s', async (_, connectionParams) => {
    const { url, upstream } = await overUpstream();

    expect(await queryWith(url, connectionParams)).toEqual({ data: { assistant: { name: assistant.name } } });
    expect(upstream.calls.map(({ headers }) => headers.authorization)).toEqual(['Bearer theirs']);
  });

  test.each([
    ['absent', {}, 'Bearer server'],
    ['null', { headers: { authorization: null } }, 'Bearer server'],
    ['empty', { authorization: '' }, ''],
  ])('that are %s are taken as such', async (_, connectionParams, sent) => {
    const { url, upstream } = await overUpstream();

    await queryWith(url, connectionParams);
    expect(upstream.calls.map(({ headers }) => headers.authorization)).toEqual([sent]);
  });

  test.each([
    ['a number', { authorization: 12 }],
    ['a list', { headers: { Authorization: ['Bearer theirs'] } }],
    ['an object', { headers: { authorization: { token: 'theirs' } } }],
    ['text that no header can hold', { authorization: 'Bearer\ntheirs' }],
  ])('that are %s close the connection instead of using the key of the server', async (_, connectionParams) => {
    const { url, upstream } = await overUpstream();

    await expect(queryWith(url, connectionParams)).rejects.toMatchObject({ code: 4403 });
    expect(upstream.calls).toEqual([]);
  });
});

describe.each(transports)('over %s', (transport) => {
  test('a caller with an empty or another credential never shares the follower of a run with the server itself', async () => {
    const { url } = await startFacade(
      {
        'GET /threads/thread_1/runs/run_1': ({ headers }: { headers: { authorization?: string } }) =>
          headers.authorization === 'Bearer server' ? { ...run, status: 'in_progress' } : refusal(401, 'No key'),
      },
      { headers: { authorization: 'Bearer server' }, pollMinMs: 10, pollMaxMs: 10 },
    );
    const following = (headers: Record<string, string>) =>
      subscription(
        transport,
        url,
        { query: 'subscription { runUpdates(threadId: "thread_1", runId: "run_1") { status } }' },
        headers,
      );

    const own = following({});
    expect(await own.next()).toMatchObject({ value: { data: { runUpdates: { status: 'IN_PROGRESS' } } } });
    for (const authorization of ['', 'Bearer other', ' ']) {
      const others = following({ authorization });
      expect(await others.next()).toMatchObject({
        value: { errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] },
      });
      await others.return();
    }
    await own.return();
  });
});
