import { describe, expect, test } from 'vitest';
import { startFacade } from '../support/facade.ts';
import { reply, type UpstreamCall } from '../support/upstream.ts';
import { message, thread } from './fixtures.ts';

const detail = (status: number, text: string) => reply({ status, json: { detail: text } });

/** FastAPI's response to a path that it does not know. This server has the same one for an object that does not exist. */
const notFound = detail(404, 'Not Found');

/** The paths of a server built with FastAPI, by method. It has no list of runs, and cannot cancel them. */
const routes: Record<string, readonly string[]> = {
  '/assistants': ['GET', 'POST'],
  '/assistants/x': ['GET', 'POST', 'DELETE'],
  '/threads': ['POST'],
  '/threads/x': ['GET', 'POST', 'DELETE'],
  '/threads/x/messages': ['GET', 'POST'],
  '/threads/x/messages/x': ['GET', 'POST'],
};

const objects: Record<string, unknown> = {
  '/threads/thread_1': thread,
  '/threads/thread_1/messages/msg_1': message,
  '/threads/thread_1/messages': { object: 'list', data: [message], has_more: false },
};

const fastApi = ({ method, path }: UpstreamCall): unknown => {
  const pattern = path
    .split('/')
    .map((segment, index) => (index > 0 && index % 2 === 0 ? 'x' : segment))
    .join('/');
  const methods = routes[pattern];
  if (methods === undefined) return notFound;
  if (!methods.includes(method)) return detail(405, 'Method Not Allowed');
  return method === 'GET' ? (objects[path] ?? notFound) : notFound;
};

/** The server behind something that responds to every `OPTIONS` itself, with `status`. */
const behind = (status: number) => (call: UpstreamCall) =>
  call.method === 'OPTIONS' ? reply({ status, json: {} }) : fastApi(call);

const lookUp = '{ assistant(assistantId: "asst_9") { name } }';

describe('over a server whose 404 is the same for unknown paths and for missing objects', () => {
  test.each([
    ['an assistant', lookUp, { assistant: null }],
    ['a thread', '{ thread(threadId: "thread_9") { createdAt } }', { thread: null }],
    ['a message', '{ message(threadId: "thread_1", messageId: "msg_9") { role } }', { message: null }],
  ])('%s that is missing is null without an error', async (_, document, data) => {
    const { query } = await startFacade(fastApi);

    expect(await query(document)).toEqual({ data });
  });

  test.each([
    ['a run', '{ it: run(threadId: "thread_1", runId: "run_9") { status } }'],
    ['the runs of a thread', '{ thread(threadId: "thread_1") { it: runs { nodes { status } } } }'],
    ['a file', '{ it: file(fileId: "file-1") { bytes } }'],
    [
      'a cancellation',
      'mutation { it: cancelRun(input: { threadId: "thread_1", runId: "run_1" }) { run { status } } }',
    ],
    [
      'a new run',
      'mutation { it: createRun(input: { threadId: "thread_1", assistantId: "asst_1" }) { run { status } } }',
    ],
  ])('%s of which it lacks the operation is NOT_SUPPORTED', async (_, document) => {
    const { query } = await startFacade(fastApi);

    const { errors } = await query(document);
    expect(errors).toMatchObject([{ extensions: { code: 'NOT_SUPPORTED' } }]);
    expect(errors?.[0]?.message).toMatch(/this upstream does not (have the operation|support)/);
  });

  test('a write to an object that is missing is NOT_FOUND', async () => {
    const { query } = await startFacade(fastApi);

    const document = 'mutation { deleteThread(input: { threadId: "thread_9" }) { deletedThreadId } }';
    expect(await query(document)).toMatchObject({ errors: [{ extensions: { code: 'NOT_FOUND' } }] });
  });

  test('a path is asked for once, with calls that change nothing, however many objects are missing', async () => {
    const { query, upstream } = await startFacade(fastApi);

    const missing = ['asst_7', 'asst_8', 'asst_9'].map((id) => `${id}: assistant(assistantId: "${id}") { name }`);
    for (let time = 0; time < 2; time += 1) {
      expect(await query(`{ ${missing.join(' ')} }`)).toEqual({ data: { asst_7: null, asst_8: null, asst_9: null } });
    }
    const asked = upstream.calls.filter(({ method }) => method === 'OPTIONS').map(({ path }) => path);
    expect(asked.toSorted()).toEqual([
      '/assistants',
      expect.stringMatching('/assistants/asst_'),
      '/none_probe',
      '/threads',
    ]);
    expect(new Set(upstream.calls.map(({ method }) => method))).toEqual(new Set(['GET', 'OPTIONS']));
  });

  test.each([
    ['a gateway responds to all `OPTIONS`', behind(204)],
    ['it has no path for `OPTIONS`', behind(404)],
    ['it rejects `OPTIONS` from callers like this one', behind(403)],
    ['it fails', behind(500)],
  ])('an object that is missing is the error NOT_FOUND, and not null alone, if %s', async (_, server) => {
    const { query } = await startFacade(server);

    expect(await query(lookUp)).toMatchObject({
      data: { assistant: null },
      errors: [
        {
          message: expect.stringContaining('Either the object is missing or the operation'),
          extensions: { code: 'NOT_FOUND' },
        },
      ],
    });
  });
});

test('a 404 that names the object costs no further call', async () => {
  const { query, upstream } = await startFacade({
    'GET /assistants/asst_9': detail(404, "No assistant found with id 'asst_9'."),
  });

  expect(await query(lookUp)).toEqual({ data: { assistant: null } });
  expect(upstream.calls).toHaveLength(1);
});
