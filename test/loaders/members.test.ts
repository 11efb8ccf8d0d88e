import { describe, expect, test } from 'vitest';
import { startFacade } from '../support/facade.ts';
import { refusal, type UpstreamCall } from '../support/upstream.ts';
import { assistantsOf, range, restRoutes, threadOf } from './restModel.ts';

const threads = {
  t: threadOf('t', { messages: 300 }),
  u: threadOf('u', { messages: 90, runs: 2, steps: 2 }),
};
const routes = restRoutes({ assistants: assistantsOf(5000), threads });

const messages = (numbers: number[], selection = '{ text }') =>
  `{ ${numbers.map((n) => `m${n}: message(threadId: "t", messageId: "msg_t_${n}") ${selection}`).join(' ')} }`;

const assistants = (numbers: number[]) =>
  `{ ${numbers.map((n) => `a${n}: assistant(assistantId: "asst_${n}") { name }`).join(' ')} }`;

/** The account, with lists that fail with `failure`. */
const failing = (failure: unknown) => (call: UpstreamCall) => (call.query['limit'] ? failure : routes(call));

const pages = (paths: string[]) => paths.filter((path) => path.includes('limit='));

describe('several members of one list', () => {
  test('up to three members of a list are read one by one', async () => {
    const { query, upstream } = await startFacade(routes);
    await query(messages([299, 298, 297]));

    expect(upstream.paths().toSorted()).toEqual([297, 298, 299].map((n) => `GET /threads/t/messages/msg_t_${n}`));
  });

  test('four members of a list or more are read with one page, and those not on it one by one', async () => {
    const { query, upstream } = await startFacade(routes);
    const { data } = await query(messages([299, 298, 297, 5]), {});

    expect(upstream.paths()).toEqual([
      'GET /threads/t/messages?limit=100&order=desc',
      'GET /threads/t/messages/msg_t_5',
    ]);
    expect(data).toEqual({
      m299: { text: 'text 299' },
      m298: { text: 'text 298' },
      m297: { text: 'text 297' },
      m5: { text: 'text 5' },
    });
  });

  test('members of a list share a page that is requested in the same tick', async () => {
    const { query, upstream } = await startFacade(routes);
    const lookUps = messages([290, 280, 270, 260]).slice(1, -1);
    await query(`{ thread(threadId: "t") { messages(first: 3) { nodes { text } } } ${lookUps} }`);

    expect(upstream.paths()).toEqual(['GET /threads/t/messages?limit=100&order=desc']);
  });

  test('members of a list wait for a page that was requested in an earlier round trip', async () => {
    const held: (() => void)[] = [];
    const { query, upstream } = await startFacade(async (call: UpstreamCall) => {
      if (call.path.endsWith('/messages')) await new Promise<void>((resolve) => held.push(resolve));
      // By then the steps have arrived, and the messages that they refer to are loaded.
      if (call.path.endsWith('/steps')) setTimeout(() => held[0]?.(), 50);
      return routes(call);
    });
    const response = await query(
      `{ thread(threadId: "u") {
        messages(first: 100) { nodes { messageId } }
        runs(first: 1) { nodes { steps(first: 1, order: ASC) { nodes { stepDetails {
          ... on RunStepDetailsMessageCreation { messageCreation { message { text } } }
        } } } } }
      } }`,
      {},
      { 'x-upstream-stats': '1' },
    );

    const step = { stepDetails: { messageCreation: { message: { text: 'text 3' } } } };
    expect(response).toMatchObject({
      data: { thread: { runs: { nodes: [{ steps: { nodes: [step] } }] } } },
      extensions: { upstream: { calls: 3, roundTrips: 2, coalesced: 1 } },
    });
    expect(upstream.paths().filter((path) => path.includes('messages'))).toHaveLength(1);
  });

  test('members of a list that do not exist are null without an error', async () => {
    const { query, upstream } = await startFacade(routes);
    const { data, errors } = await query(messages([299, 298, 297, 1000]));

    expect(errors).toBeUndefined();
    expect(data).toMatchObject({ m299: { text: 'text 299' }, m1000: null });
    expect(upstream.paths()).toHaveLength(2);
  });

  test('members of a list are null without an error, at the cost of one call, if the parent does not exist', async () => {
    const { query, upstream } = await startFacade(routes);
    const response = await query(messages([1, 2, 3, 4, 5]).replaceAll('threadId: "t"', 'threadId: "none"'));

    expect(response).toEqual({ data: { m1: null, m2: null, m3: null, m4: null, m5: null } });
    expect(upstream.paths()).toEqual(['GET /threads/none/messages?limit=100&order=desc']);
  });
});

/** Without retries, so that each REST call is one that the loaders make. */
const ONCE = { maxRetries: 0 };

describe('a list that fails', () => {
  test.each([401, 429, 500, 503])(
    'a %i for a list is the error of its members too, which are not read',
    async (status) => {
      const { query, upstream } = await startFacade(failing(refusal(status, 'Not now.')), ONCE);
      const { data, errors } = await query(messages([1, 2, 3, 4]));

      expect(data).toEqual({ m1: null, m2: null, m3: null, m4: null });
      expect(errors).toHaveLength(4);
      expect(errors?.[0]).toMatchObject({ message: 'Not now.', extensions: { upstream: { status } } });
      expect(upstream.paths()).toHaveLength(1);
    },
  );

  test.each([400, 403, 405, 501])('after a %i for a list, its members are read one by one', async (status) => {
    const { query, upstream } = await startFacade(failing(refusal(status, 'No lists here.')));
    const { data, errors } = await query(messages([1, 2, 3, 4]));

    expect(errors).toBeUndefined();
    expect(data).toMatchObject({ m1: { text: 'text 1' }, m4: { text: 'text 4' } });
    expect(upstream.paths()).toHaveLength(5);
  });

  test('assistants are read one by one from a server that has no list of them', async () => {
    const { query } = await startFacade(failing(refusal(404, 'Unknown path.')));

    expect(await query(assistants([1, 2, 3, 4]))).toMatchObject({ data: { a1: { name: 'Assistant 1' } } });
  });

  test('a list that failed is not read again by the field that selects it', async () => {
    const { query, upstream } = await startFacade(failing(refusal(503, 'Not now.')), ONCE);
    await query('{ thread(threadId: "t") { createdAt messages { nodes { text } } } }');

    expect(pages(upstream.paths())).toHaveLength(1);
  });
});

describe('an account of 5,000 assistants', () => {
  /** None of those that are loaded is among the newest hundred. */
  const old = assistants([1, 2, 3, 4]);

  test('prefetches that save nothing become rare: 7 in 200 requests', async () => {
    const { query, upstream } = await startFacade(routes);
    for (let asked = 0; asked < 200; asked += 1) await query(old);

    // At the 1st, 4th, 9th, 18th, 35th, 68th and 133rd.
    expect(pages(upstream.paths())).toHaveLength(7);
    expect(upstream.paths()).toHaveLength(7 + 200 * 4);
  });

  test('prefetching resumes after a prefetch that saved calls', async () => {
    const { query, upstream } = await startFacade(routes);
    for (let asked = 0; asked < 4; asked += 1) await query(old);
    const before = upstream.calls.length;
    for (let asked = 0; asked < 20; asked += 1) await query(assistants([4990, 4991, 4992, 4993]));

    // Four requests without a prefetch after the second miss, four calls each; then one page each.
    expect(upstream.calls.length - before).toBe(4 * 4 + 16);
  });

  test('callers with other credentials have a prefetch history of their own', async () => {
    const { query, upstream } = await startFacade(routes);
    await query(old, {}, { authorization: 'Bearer one' });
    await query(old, {}, { authorization: 'Bearer one' });
    await query(assistants([4990, 4991, 4992, 4993]), {}, { authorization: 'Bearer two' });

    expect(pages(upstream.paths())).toHaveLength(2);
  });
});

describe('a write', () => {
  test('reads after a write in the same request return the written object', async () => {
    const { query, upstream } = await startFacade((call: UpstreamCall) =>
      call.method === 'POST' ? { id: 'msg_new', thread_id: 't', content: [] } : routes(call),
    );
    const writes = range(2).map(
      (n) => `w${n}: createMessage(input: { threadId: "t", role: USER, content: [{ text: "Hi" }] }) {
        message { thread { messages(first: 5) { nodes { run { status } } } } }
      }`,
    );
    expect(await query(`mutation { ${writes.join(' ')} }`)).not.toHaveProperty('errors');

    expect(pages(upstream.paths())).toEqual(Array(2).fill('GET /threads/t/messages?limit=5&order=desc'));
  });
});
