import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { encodeGlobalId } from '../../src/resolvers/globalId.ts';
import { type RunningServer, startServer } from '../support/server.ts';
import { refusal, startUpstream, type TestUpstream } from '../support/upstream.ts';

let upstream: TestUpstream;
let server: RunningServer;

beforeAll(async () => {
  upstream = await startUpstream(({ path }) => objectAt(path));
  server = await startServer({ ASSISTANTS_BASE_URL: upstream.url, LOG_LEVEL: 'silent' });
});
beforeEach(() => {
  upstream.calls.length = 0;
});
afterAll(async () => {
  await server.stop();
  await upstream.close();
});

test('each type can be resolved by each of its keys', async () => {
  const keys = [
    ['Assistant', { assistantId: 'asst_1' }],
    ['Thread', { threadId: 'thread_1' }],
    ['Message', { threadId: 'thread_1', messageId: 'msg_1' }],
    ['Run', { threadId: 'thread_1', runId: 'run_1' }],
    ['RunStep', { threadId: 'thread_1', runId: 'run_1', stepId: 'step_1' }],
    ['File', { fileId: 'file-1' }],
    ['VectorStore', { vectorStoreId: 'vs_1' }],
    ['VectorStoreFile', { vectorStoreId: 'vs_1', fileId: 'file-1' }],
  ] as const;
  const result = await entities(
    keys.flatMap(([__typename, key]) => [
      { __typename, ...key },
      { __typename, id: encodeGlobalId(__typename, ...Object.values(key)) },
    ]),
    '__typename ... on Node { id } ... on Assistant { name } ... on Thread { metadata } ... on Message { text } ... on Run { model } ... on RunStep { usage { totalTokens } } ... on File { filename } ... on VectorStore { name } ... on VectorStoreFile { attributes }',
  );

  const found = keys.flatMap(([__typename, key]) => {
    const id = encodeGlobalId(__typename, ...Object.values(key));
    const one = { __typename, id, ...rest[__typename] };
    return [one, one];
  });
  expect(result).toEqual({ data: { entities: found } });
});

test('one object by either of its keys is one REST call', async () => {
  const runs = Array.from({ length: 10 }, (_, n) => ({ threadId: 'thread_1', runId: `run_${n}` }));
  const result = await entities(
    runs.flatMap(({ threadId, runId }) => [
      { __typename: 'Run', threadId, runId },
      { __typename: 'Run', id: encodeGlobalId('Run', threadId, runId) },
    ]),
    '... on Run { runId model }',
  );

  expect(result.data?.entities).toEqual(runs.flatMap(({ runId }) => [runOf(runId), runOf(runId)]));
  const paths = upstream.calls.map(({ path }) => path);
  expect(new Set(paths).size).toBe(paths.length);
  expect(paths.length).toBeLessThanOrEqual(10);
});

test('a representation costs no REST call if only ids are selected', async () => {
  const result = await entities(
    [
      { __typename: 'Thread', threadId: 'thread_1' },
      { __typename: 'Run', threadId: 'thread_1', runId: 'run_1' },
      { __typename: 'Message', id: encodeGlobalId('Message', 'thread_1', 'msg_1') },
    ],
    '... on Thread { id threadId } ... on Run { runId thread { threadId } } ... on Message { messageId threadId }',
  );

  expect(result).toEqual({
    data: {
      entities: [
        { id: encodeGlobalId('Thread', 'thread_1'), threadId: 'thread_1' },
        { runId: 'run_1', thread: { threadId: 'thread_1' } },
        { messageId: 'msg_1', threadId: 'thread_1' },
      ],
    },
  });
  expect(upstream.paths()).toEqual([]);
});

test("a thread's runs cost the list of runs and not the thread", async () => {
  await entities(
    [{ __typename: 'Thread', threadId: 'thread_1' }],
    '... on Thread { runs(first: 2) { nodes { model } } }',
  );
  expect(upstream.paths()).toEqual(['GET /threads/thread_1/runs?limit=2&order=desc']);
});

test('an entity that does not exist is null without an error, and one that fails is an error at its own index', async () => {
  const result = await entities(
    ['thread_1', 'thread_gone', 'thread_broken', 'thread_2'].map((threadId) => ({ __typename: 'Thread', threadId })),
    '... on Thread { threadId createdAt }',
  );

  const createdAt = '1970-01-01T00:00:00.000Z';
  expect(result.data?.entities).toEqual([
    { threadId: 'thread_1', createdAt },
    null,
    null,
    { threadId: 'thread_2', createdAt },
  ]);
  expect(result.errors).toMatchObject([{ path: ['entities', 2], extensions: { code: 'UPSTREAM_ERROR' } }]);
});

test("the client's own Authorization, which the router forwards, goes to the upstream", async () => {
  const document =
    '{ entities: _entities(representations: [{ __typename: "Thread", threadId: "thread_1" }]) { ... on Thread { createdAt } } }';
  await server.graphql(document, {}, { authorization: 'Bearer own-key' });
  expect(upstream.calls.map(({ headers }) => headers.authorization)).toEqual(['Bearer own-key']);
});

const entities = (representations: object[], selection: string) =>
  server.graphql<{ entities: unknown[] }>(
    `query ($representations: [_Any!]!) { entities: _entities(representations: $representations) { ${selection} } }`,
    { representations },
  );

const runOf = (runId: string) => ({ runId, model: 'gpt' });

/** The selected fields of each type, as the graph returns them. */
const rest = {
  Assistant: { name: 'Ada' },
  Thread: { metadata: { topic: 'tea' } },
  Message: { text: 'Hello' },
  Run: { model: 'gpt' },
  RunStep: { usage: { totalTokens: 7 } },
  File: { filename: 'tea.md' },
  VectorStore: { name: 'Teas' },
  VectorStoreFile: { attributes: { leaf: 'green' } },
};

/** The same objects, as the REST API returns them. */
const objectAt = (path: string) => {
  const [kind, threadId, list, id, steps, stepId] = path.split('/').slice(1);
  if (threadId === 'thread_gone') return refusal(404, 'No thread found.');
  if (threadId === 'thread_broken') return refusal(500, 'The server had an error.');
  if (kind === 'files') return { id: threadId, object: 'file', filename: 'tea.md' };
  if (kind === 'vector_stores' && list === undefined) return { id: threadId, object: 'vector_store', name: 'Teas' };
  if (kind === 'vector_stores') return { id, object: 'vector_store.file', attributes: { leaf: 'green' } };
  if (kind === 'assistants') return { id: threadId, object: 'assistant', name: 'Ada' };
  if (list === undefined) return { id: threadId, object: 'thread', created_at: 0, metadata: { topic: 'tea' } };
  const place = { thread_id: threadId, run_id: id };
  if (steps !== undefined) return { id: stepId, object: 'thread.run.step', ...place, usage: { total_tokens: 7 } };
  const members = (ids: string[]) => ids.map((each) => ({ id: each, ...place, model: 'gpt', content: [hello] }));
  if (id !== undefined) return members([id])[0];
  const data = members(Array.from({ length: 10 }, (_, n) => `run_${n}`));
  return { object: 'list', data, first_id: 'run_0', last_id: 'run_9', has_more: false };
};

const hello = { type: 'text', text: { value: 'Hello', annotations: [] } };
