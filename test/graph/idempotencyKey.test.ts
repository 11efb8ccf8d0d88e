import { expect, test } from 'vitest';
import { startFacade } from '../support/facade.ts';
import { reply } from '../support/upstream.ts';

const mutation = `mutation ($idempotencyKey: String) {
  createThread(input: { idempotencyKey: $idempotencyKey, clientMutationId: "mine" }) { thread { threadId } clientMutationId }
}`;

const run = (status: string) => ({ id: 'run_2', thread_id: 'thread_1', status });

test('the idempotencyKey of a mutation is sent as a header, and the write is retried under it', async () => {
  let calls = 0;
  const { query, upstream } = await startFacade(() => (calls++ === 0 ? reply({ status: 503 }) : { id: 'thread_1' }));

  expect(await query(mutation, { idempotencyKey: 'order-17' })).toEqual({
    data: { createThread: { thread: { threadId: 'thread_1' }, clientMutationId: 'mine' } },
  });
  expect(upstream.calls.map(({ headers, body }) => [headers['idempotency-key'], body])).toEqual([
    ['order-17', {}],
    ['order-17', {}],
  ]);
});

test('a mutation without an idempotencyKey sends none, and is not retried', async () => {
  const { query, upstream } = await startFacade(() => reply({ status: 503 }));

  expect(await query(mutation)).toMatchObject({ errors: [{ extensions: { code: 'UPSTREAM_ERROR' } }] });
  expect(upstream.calls.map(({ headers }) => headers['idempotency-key'])).toEqual([undefined]);
});

test.each(['', 'two words', 'line\nbreak', 'ключ', 'k'.repeat(256)])(
  'the idempotencyKey %j is BAD_USER_INPUT, and nothing is sent',
  async (idempotencyKey) => {
    const { query, upstream } = await startFacade({});

    expect(await query(mutation, { idempotencyKey })).toMatchObject({
      errors: [
        {
          message: '`idempotencyKey` must be 1 to 255 visible ASCII characters, without spaces.',
          extensions: { code: 'BAD_USER_INPUT' },
        },
      ],
    });
    expect(upstream.calls).toEqual([]);
  },
);

test('onActiveRun: CANCEL sends the idempotencyKey with the write, and not with the cancellation', async () => {
  let creations = 0;
  const { query, upstream } = await startFacade({
    'POST /threads/thread_1/runs': () =>
      creations++ === 0
        ? reply({ status: 400, json: { error: { message: 'Thread thread_1 already has an active run run_1.' } } })
        : run('queued'),
    'POST /threads/thread_1/runs/run_1/cancel': run('cancelling'),
    'GET /threads/thread_1/runs/run_1': run('cancelled'),
  });
  await query(
    'mutation { createRun(input: { threadId: "thread_1", assistantId: "asst_1", onActiveRun: CANCEL, idempotencyKey: "k" }) { run { runId } } }',
  );

  expect(upstream.calls.map(({ method, path, headers }) => [method, path, headers['idempotency-key']])).toEqual([
    ['POST', '/threads/thread_1/runs', 'k'],
    ['POST', '/threads/thread_1/runs/run_1/cancel', undefined],
    ['GET', '/threads/thread_1/runs/run_1', undefined],
    ['POST', '/threads/thread_1/runs', 'k'],
  ]);
});
