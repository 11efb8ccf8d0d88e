import { expect, test } from 'vitest';
import type { Rest } from '../../src/rest/rest.ts';
import { restOver } from './restOver.ts';

const object = { id: 'x1', thread_id: 't1', run_id: 'r1' };
const page = { data: [object], has_more: false };
const deleted = { id: 'x1', deleted: true };
const content = 'step_details.tool_calls[*].file_search.results[*].content';

const operations: [line: string, body: unknown, response: object, ask: (rest: Rest) => Promise<unknown>][] = [
  ['POST /assistants', { model: 'm' }, object, (rest) => rest.assistants.create({ model: 'm' })],
  ['GET /assistants/a1', undefined, object, (rest) => rest.assistants.retrieve('a1')],
  ['POST /assistants/a1', { name: 'n' }, object, (rest) => rest.assistants.modify('a1', { name: 'n' })],
  ['DELETE /assistants/a1', undefined, deleted, (rest) => rest.assistants.delete('a1')],
  [
    'GET /assistants?limit=5&order=asc&after=a0',
    undefined,
    page,
    (rest) => rest.assistants.list({ limit: 5, order: 'asc', after: 'a0', before: undefined }),
  ],

  ['POST /threads', {}, object, (rest) => rest.threads.create({})],
  ['GET /threads/t1', undefined, object, (rest) => rest.threads.retrieve('t1')],
  ['POST /threads/t1', { metadata: { a: 'b' } }, object, (rest) => rest.threads.modify('t1', { metadata: { a: 'b' } })],
  ['DELETE /threads/t1', undefined, deleted, (rest) => rest.threads.delete('t1')],

  [
    'POST /threads/t1/messages',
    { role: 'user', content: 'Hi' },
    object,
    (rest) => rest.messages.create('t1', { role: 'user', content: 'Hi' }),
  ],
  ['GET /threads/t1/messages/m1', undefined, object, (rest) => rest.messages.retrieve('t1', 'm1')],
  [
    'POST /threads/t1/messages/m1',
    { metadata: null },
    object,
    (rest) => rest.messages.modify('t1', 'm1', { metadata: null }),
  ],
  ['DELETE /threads/t1/messages/m1', undefined, deleted, (rest) => rest.messages.delete('t1', 'm1')],
  [
    'GET /threads/t1/messages?limit=2&before=m9&run_id=r1',
    undefined,
    page,
    (rest) => rest.messages.list('t1', { limit: 2, before: 'm9', run_id: 'r1' }),
  ],

  ['POST /threads/t1/runs', { assistant_id: 'a1' }, object, (rest) => rest.runs.create('t1', { assistant_id: 'a1' })],
  [
    `POST /threads/t1/runs?include[]=${content}`,
    { assistant_id: 'a1' },
    object,
    (rest) => rest.runs.create('t1', { assistant_id: 'a1' }, { include: true }),
  ],
  [
    'POST /threads/runs',
    { assistant_id: 'a1', thread: {} },
    object,
    (rest) => rest.runs.createWithThread({ assistant_id: 'a1', thread: {} }),
  ],
  ['GET /threads/t1/runs/r1', undefined, object, (rest) => rest.runs.retrieve('t1', 'r1')],
  ['POST /threads/t1/runs/r1', {}, object, (rest) => rest.runs.modify('t1', 'r1', {})],
  ['POST /threads/t1/runs/r1/cancel', undefined, object, (rest) => rest.runs.cancel('t1', 'r1')],
  [
    'POST /threads/t1/runs/r1/submit_tool_outputs',
    { tool_outputs: [{ tool_call_id: 'c1', output: '7' }] },
    object,
    (rest) => rest.runs.submitToolOutputs('t1', 'r1', { tool_outputs: [{ tool_call_id: 'c1', output: '7' }] }),
  ],
  ['GET /threads/t1/runs', undefined, page, (rest) => rest.runs.list('t1', {})],

  ['GET /threads/t1/runs/r1/steps/s1', undefined, object, (rest) => rest.runSteps.retrieve('t1', 'r1', 's1')],
  [
    `GET /threads/t1/runs/r1/steps/s1?include[]=${content}`,
    undefined,
    object,
    (rest) => rest.runSteps.retrieve('t1', 'r1', 's1', { include: true }),
  ],
  ['GET /threads/t1/runs/r1/steps', undefined, page, (rest) => rest.runSteps.list('t1', 'r1', { include: false })],
  [
    `GET /threads/t1/runs/r1/steps?limit=100&include[]=${content}`,
    undefined,
    page,
    (rest) => rest.runSteps.list('t1', 'r1', { limit: 100, include: true }),
  ],
];

test.each(operations)('%s is sent as the API specifies', async (line, body, response, ask) => {
  const { rest, upstream } = await restOver(() => response);

  expect(await ask(rest)).toEqual(response);
  expect(upstream.paths()).toEqual([line]);
  const [call] = upstream.calls;
  expect(call?.body).toEqual(body);
  expect(call?.headers).toMatchObject({ accept: 'application/json', 'openai-beta': 'assistants=v2' });
  expect(call?.headers['content-type']).toBe(body === undefined ? undefined : 'application/json');
});

test('absent members are not sent, null is sent as null, and empty stays empty', async () => {
  const { rest, upstream } = await restOver(() => object);

  await rest.assistants.modify('a1', { name: null, instructions: '', tools: [], metadata: {}, description: undefined });

  expect(upstream.calls[0]?.body).toEqual({ name: null, instructions: '', tools: [], metadata: {} });
  expect(upstream.calls[0]?.body).not.toHaveProperty('description');
});

test('parent ids that a server omits are filled in from the request', async () => {
  const { rest } = await restOver({
    'GET /threads/t1/runs/r1/steps/s1': { id: 's1' },
    'GET /threads/t1/runs/r1/steps': { data: [{ id: 's1', thread_id: null }], has_more: false },
    'GET /threads/t1/messages/m1': { id: 'm1' },
  });

  expect(await rest.runSteps.retrieve('t1', 'r1', 's1')).toEqual({ id: 's1', thread_id: 't1', run_id: 'r1' });
  expect((await rest.runSteps.list('t1', 'r1', {})).data).toEqual([{ id: 's1', thread_id: 't1', run_id: 'r1' }]);
  // Only the server knows which run created a message, if any.
  expect(await rest.messages.retrieve('t1', 'm1')).toEqual({ id: 'm1', thread_id: 't1' });
});

test('unknown members of a response are kept', async () => {
  const { rest } = await restOver({ 'GET /threads/t1': { id: 't1', shelf: { row: 3 } } });

  expect(await rest.threads.retrieve('t1')).toEqual({ id: 't1', shelf: { row: 3 } });
});

test.each([
  [{ limit: 2 }, 2, true],
  [{ limit: 3 }, 2, false],
  [{}, 20, true],
  [{}, 19, false],
])('without `has_more`, a page for %j with %i items has more: %s', async (query, count, expected) => {
  const { rest } = await restOver(() => ({ data: Array.from({ length: count }, (_, index) => ({ id: `a${index}` })) }));

  expect((await rest.assistants.list(query)).has_more).toBe(expected);
});
