import { expect, test } from 'vitest';
import { startFacade } from '../support/facade.ts';
import { thread } from './fixtures.ts';

const write = 'mutation ($metadata: Metadata) { createThread(input: { metadata: $metadata }) { thread { metadata } } }';

const pairs = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, index) => [`key${index}`, 'v']));

test.each([
  { metadata: {} },
  { metadata: null },
  { metadata: pairs(16) },
  { metadata: { ['k'.repeat(64)]: 'v'.repeat(512), snake_case: '', camelCase: '🥨'.repeat(512) } },
])('metadata is sent and shown as it is, whatever its keys: case %#', async ({ metadata }) => {
  const { query, upstream } = await startFacade({ 'POST /threads': ({ body }) => ({ ...thread, ...Object(body) }) });

  expect(await query(write, { metadata })).toEqual({ data: { createThread: { thread: { metadata } } } });
  expect(upstream.calls[0]?.body).toEqual({ metadata });
});

test('a metadata key named __proto__ is kept, in a variable and in the document', async () => {
  const bodies: string[] = [];
  const { query } = await startFacade({
    'POST /threads': ({ body }) => {
      bodies.push(JSON.stringify(body));
      return thread;
    },
  });

  await query(write, { metadata: JSON.parse('{"__proto__":"x"}') });
  await query('mutation { createThread(input: { metadata: { __proto__: "x" } }) { thread { threadId } } }');
  expect(bodies).toEqual(Array.from({ length: 2 }, () => '{"metadata":{"__proto__":"x"}}'));
});

test.each([
  [pairs(17), 'Metadata can have at most 16 pairs, got 17.'],
  [{ ['k'.repeat(65)]: 'v' }, 'Metadata keys can have at most 64 characters, got 65'],
  [{ key: 'v'.repeat(513) }, 'Metadata values can have at most 512 characters, got 513 for "key".'],
  [{ key: 1 }, 'Metadata values must be strings, got 1 for "key".'],
  [{ key: null }, 'Metadata values must be strings, got null for "key".'],
  [['key'], 'Metadata must be a map of strings'],
  ['key', 'Metadata must be a map of strings'],
])('metadata that the REST API would reject is an error without a REST call: case %#', async (metadata, message) => {
  const { query, upstream } = await startFacade({});

  expect(await query(write, { metadata })).toMatchObject({
    errors: [{ message: expect.stringContaining(message), extensions: { code: 'BAD_USER_INPUT' } }],
  });
  expect(upstream.calls).toEqual([]);
});

test('metadata in the document is validated in the same way', async () => {
  const { query, upstream } = await startFacade({ 'POST /threads': thread });

  expect(await query('mutation { createThread(input: { metadata: { a: 1 } }) { clientMutationId } }')).toMatchObject({
    errors: [
      { message: expect.stringContaining('must be strings, got 1 for "a"'), extensions: { code: 'BAD_USER_INPUT' } },
    ],
  });
  expect(
    await query('mutation ($b: String) { createThread(input: { metadata: { a: "x", b: $b } }) { clientMutationId } }', {
      b: 'y',
    }),
  ).toEqual({ data: { createThread: { clientMutationId: null } } });
  expect(upstream.calls.map(({ body }) => body)).toEqual([{ metadata: { a: 'x', b: 'y' } }]);
});

test('metadata beyond these limits that a server sends is returned', async () => {
  const metadata = { ...pairs(40), number: 7 };
  const { query } = await startFacade({ 'GET /threads/thread_1': { ...thread, metadata } });

  expect(await query('{ thread(threadId: "thread_1") { metadata } }')).toEqual({ data: { thread: { metadata } } });
});
