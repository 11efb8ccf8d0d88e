import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startUpstream, type TestUpstream } from '../../test/support/upstream.ts';
import { ask } from './story.ts';
import { startSupergraph, type Supergraph } from './supergraph.ts';

const threadIds = Array.from({ length: 20 }, (_, n) => `thread_${n + 1}`);

describe.each(['apollo', 'hive'] as const)('through %s', (gateway) => {
  let upstream: TestUpstream;
  let supergraph: Supergraph;

  beforeAll(async () => {
    upstream = await startUpstream(({ path }) => objectAt(path));
    supergraph = await startSupergraph({ gateway, env: { ASSISTANTS_BASE_URL: upstream.url } });
    for (const threadId of threadIds) {
      await ask(
        supergraph.url,
        'mutation ($input: ClaimThreadInput!) { claimThread(input: $input) { thread { threadId } } }',
        {
          input: { threadId, userId: 'ada' },
        },
      );
    }
  });
  beforeEach(() => {
    upstream.calls.length = 0;
  });
  afterAll(async () => {
    await supergraph.stop();
    await upstream.close();
  });

  test('twenty threads of a user cost the REST calls of twenty threads and no more', async () => {
    const { user } = await ask(
      supergraph.url,
      '{ user(userId: "ada") { threads(first: 20) { nodes { threadId createdAt messages(first: 1) { nodes { text } } } } } }',
    );

    expect(user.threads.nodes).toEqual(
      threadIds.toReversed().map((threadId) => ({
        threadId,
        createdAt: '1970-01-01T00:00:00.000Z',
        messages: { nodes: [{ text: `Hello from ${threadId}` }] },
      })),
    );
    const expected = threadIds.flatMap((id) => [
      `GET /threads/${id}`,
      `GET /threads/${id}/messages?limit=1&order=desc`,
    ]);
    expect(upstream.paths().toSorted()).toEqual(expected.toSorted());
  });

  test('twenty threads of which only ids are asked cost no REST call', async () => {
    const { user } = await ask(supergraph.url, '{ user(userId: "ada") { threads { nodes { id owner { name } } } } }');
    expect(user.threads.nodes).toHaveLength(20);
    expect(upstream.paths()).toEqual([]);
  });

  test("the client's own Authorization reaches the REST API", async () => {
    await fetch(supergraph.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: 'Bearer own-key' },
      body: JSON.stringify({ query: '{ thread(threadId: "thread_1") { createdAt } }' }),
    });
    expect(upstream.calls.map(({ headers }) => headers.authorization)).toEqual(['Bearer own-key']);
  });

  test('the subgraph rejects requests that do not come from the router', async () => {
    await expect(ask(supergraph.subgraphs.assistants, '{ __typename }')).rejects.toThrow('UNAUTHENTICATED');
  });
});

const objectAt = (path: string) => {
  const [, threadId, list] = path.split('/').slice(1);
  if (list === undefined) return { id: threadId, object: 'thread', created_at: 0 };
  const message = {
    id: `msg_of_${threadId}`,
    object: 'thread.message',
    thread_id: threadId,
    content: [{ type: 'text', text: { value: `Hello from ${threadId}`, annotations: [] } }],
  };
  return { object: 'list', data: [message], first_id: message.id, last_id: message.id, has_more: false };
};
