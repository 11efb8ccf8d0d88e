import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ALICE, type App, BOB, openApp, TOKENS } from './apps.ts';
import { clientWith, type Ids, populate, snapshotOf, unknownIds, withoutIds } from './tenantWorld.ts';

let app: App;
let alices: Ids;
let bobs: Ids;
let before: string;

beforeAll(async () => {
  app = await openApp(TOKENS);
  alices = await populate(app, ALICE, 'alice');
  bobs = await populate(app, BOB, 'bob');
  before = await snapshotOf(app, ALICE, alices);
});
afterAll(() => app.close());

interface Attempt {
  /** As in the README's table. */
  readonly operation: string;
  /** What is special about it. */
  readonly how: string;
  /** The request: `ids` are of somebody else, `own` are the caller's. */
  readonly request: (ids: Ids, own: Ids) => readonly [path: string, body?: unknown];
}

const attempt = (operation: string, how: string, request: Attempt['request']): Attempt => ({ operation, how, request });

const outputsOf = ({ call }: Ids) => ({ tool_outputs: [{ tool_call_id: call, output: 'forged' }] });
const forged = { metadata: { forged: 'yes' } };
const user = { role: 'user', content: 'forged' };

const attempts: readonly Attempt[] = [
  attempt('GET /assistants', 'after a cursor', (ids) => [`/assistants?after=${ids.assistant}`]),
  attempt('GET /assistants', 'before a cursor', (ids) => [`/assistants?before=${ids.assistant}`]),
  attempt('GET /assistants', 'after a deleted cursor', (ids) => [`/assistants?after=${ids.deletedAssistant}`]),
  attempt('GET /assistants/{assistant_id}', '', (ids) => [`/assistants/${ids.assistant}`]),
  attempt('POST /assistants/{assistant_id}', '', (ids) => [`/assistants/${ids.assistant}`, { name: 'forged' }]),
  attempt('DELETE /assistants/{assistant_id}', '', (ids) => [`/assistants/${ids.assistant}`]),
  attempt('GET /threads', 'after a cursor', (ids) => [`/threads?after=${ids.thread}`]),
  attempt('GET /threads/{thread_id}', '', (ids) => [`/threads/${ids.thread}`]),
  attempt('POST /threads/{thread_id}', '', (ids) => [`/threads/${ids.thread}`, forged]),
  attempt('DELETE /threads/{thread_id}', '', (ids) => [`/threads/${ids.doneThread}`]),
  attempt('GET /threads/{thread_id}/messages', '', (ids) => [`/threads/${ids.thread}/messages`]),
  attempt('GET /threads/{thread_id}/messages', 'of a run in an own thread', (ids, own) => [
    `/threads/${own.thread}/messages?run_id=${ids.run}`,
  ]),
  attempt('GET /threads/{thread_id}/messages', 'of a run', (ids) => [
    `/threads/${ids.doneThread}/messages?run_id=${ids.doneRun}`,
  ]),
  attempt('GET /threads/{thread_id}/messages', 'after a cursor in an own thread', (ids, own) => [
    `/threads/${own.thread}/messages?after=${ids.message}`,
  ]),
  attempt('GET /threads/{thread_id}/messages', 'after a deleted cursor in an own thread', (ids, own) => [
    `/threads/${own.thread}/messages?after=${ids.deletedMessage}`,
  ]),
  attempt('POST /threads/{thread_id}/messages', '', (ids) => [`/threads/${ids.doneThread}/messages`, user]),
  attempt('GET /threads/{thread_id}/messages/{message_id}', '', (ids) => [
    `/threads/${ids.thread}/messages/${ids.message}`,
  ]),
  attempt('GET /threads/{thread_id}/messages/{message_id}', 'in an own thread', (ids, own) => [
    `/threads/${own.thread}/messages/${ids.message}`,
  ]),
  attempt('POST /threads/{thread_id}/messages/{message_id}', '', (ids) => [
    `/threads/${ids.thread}/messages/${ids.message}`,
    forged,
  ]),
  attempt('POST /threads/{thread_id}/messages/{message_id}', 'in an own thread', (ids, own) => [
    `/threads/${own.thread}/messages/${ids.message}`,
    forged,
  ]),
  attempt('DELETE /threads/{thread_id}/messages/{message_id}', '', (ids) => [
    `/threads/${ids.thread}/messages/${ids.message}`,
  ]),
  attempt('DELETE /threads/{thread_id}/messages/{message_id}', 'in an own thread', (ids, own) => [
    `/threads/${own.thread}/messages/${ids.message}`,
  ]),
  attempt('GET /threads/{thread_id}/runs', '', (ids) => [`/threads/${ids.thread}/runs`]),
  attempt('GET /threads/{thread_id}/runs', 'after a cursor in an own thread', (ids, own) => [
    `/threads/${own.thread}/runs?after=${ids.run}`,
  ]),
  attempt('POST /threads/{thread_id}/runs', 'with an own assistant', (ids, own) => [
    `/threads/${ids.doneThread}/runs`,
    { assistant_id: own.assistant },
  ]),
  attempt('POST /threads/{thread_id}/runs', 'on a thread with an active run', (ids, own) => [
    `/threads/${ids.thread}/runs`,
    { assistant_id: own.assistant },
  ]),
  attempt('POST /threads/{thread_id}/runs', 'on an own thread', (ids, own) => [
    `/threads/${own.doneThread}/runs`,
    { assistant_id: ids.assistant },
  ]),
  attempt('POST /threads/{thread_id}/runs', 'on an own thread, streamed', (ids, own) => [
    `/threads/${own.doneThread}/runs`,
    { assistant_id: ids.assistant, stream: true },
  ]),
  attempt('POST /threads/runs', '', (ids) => ['/threads/runs', { assistant_id: ids.assistant }]),
  attempt('POST /threads/runs', 'streamed', (ids) => ['/threads/runs', { assistant_id: ids.assistant, stream: true }]),
  attempt('GET /threads/{thread_id}/runs/{run_id}', '', (ids) => [`/threads/${ids.thread}/runs/${ids.run}`]),
  attempt('GET /threads/{thread_id}/runs/{run_id}', 'in an own thread', (ids, own) => [
    `/threads/${own.thread}/runs/${ids.run}`,
  ]),
  attempt('POST /threads/{thread_id}/runs/{run_id}', '', (ids) => [`/threads/${ids.thread}/runs/${ids.run}`, forged]),
  attempt('POST /threads/{thread_id}/runs/{run_id}', 'in an own thread', (ids, own) => [
    `/threads/${own.thread}/runs/${ids.run}`,
    forged,
  ]),
  attempt('POST /threads/{thread_id}/runs/{run_id}/cancel', '', (ids) => [
    `/threads/${ids.thread}/runs/${ids.run}/cancel`,
  ]),
  attempt('POST /threads/{thread_id}/runs/{run_id}/cancel', 'in an own thread', (ids, own) => [
    `/threads/${own.thread}/runs/${ids.run}/cancel`,
  ]),
  attempt('POST /threads/{thread_id}/runs/{run_id}/submit_tool_outputs', '', (ids) => [
    `/threads/${ids.thread}/runs/${ids.run}/submit_tool_outputs`,
    outputsOf(ids),
  ]),
  attempt('POST /threads/{thread_id}/runs/{run_id}/submit_tool_outputs', 'streamed', (ids) => [
    `/threads/${ids.thread}/runs/${ids.run}/submit_tool_outputs`,
    { ...outputsOf(ids), stream: true },
  ]),
  attempt(
    'POST /threads/{thread_id}/runs/{run_id}/submit_tool_outputs',
    'to a tool call, for an own run',
    (ids, own) => [`/threads/${own.thread}/runs/${own.run}/submit_tool_outputs`, outputsOf(ids)],
  ),
  attempt('GET /threads/{thread_id}/runs/{run_id}/steps', '', (ids) => [
    `/threads/${ids.thread}/runs/${ids.run}/steps`,
  ]),
  attempt('GET /threads/{thread_id}/runs/{run_id}/steps', 'in an own thread', (ids, own) => [
    `/threads/${own.thread}/runs/${ids.run}/steps`,
  ]),
  attempt('GET /threads/{thread_id}/runs/{run_id}/steps', 'after a cursor in an own run', (ids, own) => [
    `/threads/${own.thread}/runs/${own.run}/steps?after=${ids.step}`,
  ]),
  attempt('GET /threads/{thread_id}/runs/{run_id}/steps/{step_id}', '', (ids) => [
    `/threads/${ids.thread}/runs/${ids.run}/steps/${ids.step}`,
  ]),
  attempt('GET /threads/{thread_id}/runs/{run_id}/steps/{step_id}', 'in an own run', (ids, own) => [
    `/threads/${own.thread}/runs/${own.run}/steps/${ids.step}`,
  ]),
  attempt('GET /threads/{thread_id}/runs/{run_id}/events', '', (ids) => [
    `/threads/${ids.doneThread}/runs/${ids.doneRun}/events`,
  ]),
  attempt('GET /threads/{thread_id}/runs/{run_id}/events', 'in an own thread', (ids, own) => [
    `/threads/${own.doneThread}/runs/${ids.doneRun}/events?after=0`,
  ]),
];

describe.each([
  ['', '/v1'],
  ["by Azure's paths", '/openai'],
])("somebody else's object %s", (_, root) => {
  test.each(attempts)(
    '$operation $how: gets the response for one that does not exist',
    async ({ operation, request }) => {
      const [method = ''] = operation.split(' ');
      const received = async (ids: Ids) => {
        const [path, body] = request(ids, bobs);
        const response = await fetch(`${app.url}${root}${path}`, {
          method,
          headers: { 'api-key': BOB, 'openai-beta': 'assistants=v2', 'content-type': 'application/json' },
          ...(body !== undefined && { body: JSON.stringify(body) }),
        });
        const headers = [...response.headers.keys()].filter((name) => name !== 'content-length');
        return { status: response.status, headers, text: withoutIds(await response.text(), ids) };
      };

      const theirs = await received(alices);
      expect(theirs).toEqual(await received(unknownIds));
      expect(theirs.text).not.toMatch(/alice/);
      expect(await snapshotOf(app, ALICE, alices)).toBe(before);
    },
  );
});

test('lists hold what the tenant has, and nothing else', async () => {
  for (const [token, ids, name] of [
    [ALICE, alices, 'alice'],
    [BOB, bobs, 'bob'],
  ] as const) {
    const { data } = await clientWith(app, token).send<{ data: { id: string; name: string }[] }>(
      'GET',
      '/assistants?limit=100',
    );
    expect(data.map((one) => [one.id, one.name])).toEqual([[ids.assistant, name]]);
  }
});

test('a deleted cursor stays valid for its owner', async () => {
  const { status } = await clientWith(app, ALICE).text('GET', `/assistants?after=${alices.deletedAssistant}`);
  expect(status).toBe(200);
});

test('the attempts cover every operation that takes an id or has a list', () => {
  const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
  const all = [...readme.matchAll(/^\| `((?:GET|POST|DELETE) [^`]*)` \|/gm)].map(([, operation]) => operation);
  const withoutIdsInThem = ['POST /assistants', 'POST /threads'];
  const tried = attempts.map(({ operation }) => operation);
  expect(new Set([...tried, ...withoutIdsInThem])).toEqual(
    new Set([...all, 'GET /threads', 'GET /threads/{thread_id}/runs/{run_id}/events']),
  );
});
