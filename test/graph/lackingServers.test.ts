import { describe, expect, test } from 'vitest';
import { restOperationOf } from '../../src/rest/operationName.ts';
import { startFacade } from '../support/facade.ts';
import { refusal, reply, type UpstreamCall } from '../support/upstream.ts';
import { assistant, message, pageOf, run, thread, toolStep } from './fixtures.ts';

/** What a server that has an operation responds, and how the graph reaches it. `at` is the path of the value that must be there. */
interface Operation {
  readonly response: object;
  readonly document: string;
  readonly at: readonly string[];
}

const deleted = (id: string, object: string) => ({ id, object, deleted: true });
const ofThread = 'threadId: "thread_1"';
const ofRun = `${ofThread}, runId: "run_1"`;
const ofMessage = `${ofThread}, messageId: "msg_1"`;

const write = (name: string, input: string, selection: string, response: object): Operation => ({
  response,
  document: `mutation { ${name}(input: { ${input} }) { ${selection} } }`,
  at: [name],
});

/** The 23 operations, and the list of threads. */
const operations: Record<string, Operation> = {
  'GET /assistants': { response: pageOf(assistant), document: '{ assistants { nodes { name } } }', at: ['assistants'] },
  'POST /assistants': write('createAssistant', 'model: "m"', 'assistant { name }', assistant),
  'GET /assistants/{id}': {
    response: assistant,
    document: '{ assistant(assistantId: "asst_1") { name } }',
    at: ['assistant'],
  },
  'POST /assistants/{id}': write('modifyAssistant', 'assistantId: "asst_1"', 'assistant { name }', assistant),
  'DELETE /assistants/{id}': write(
    'deleteAssistant',
    'assistantId: "asst_1"',
    'deletedAssistantId',
    deleted('asst_1', 'assistant.deleted'),
  ),
  'GET /threads': { response: pageOf(thread), document: '{ threads { nodes { createdAt } } }', at: ['threads'] },
  'POST /threads': write('createThread', '', 'thread { createdAt }', thread),
  'GET /threads/{id}': { response: thread, document: `{ thread(${ofThread}) { createdAt } }`, at: ['thread'] },
  'POST /threads/{id}': write('modifyThread', ofThread, 'thread { createdAt }', thread),
  'DELETE /threads/{id}': write('deleteThread', ofThread, 'deletedThreadId', deleted('thread_1', 'thread.deleted')),
  'GET /threads/{id}/messages': {
    response: pageOf(message),
    document: `{ thread(${ofThread}) { messages { nodes { text } } } }`,
    at: ['thread', 'messages'],
  },
  'POST /threads/{id}/messages': write(
    'createMessage',
    `${ofThread}, role: USER, content: [{ text: "Hi" }]`,
    'message { text }',
    message,
  ),
  'GET /threads/{id}/messages/{id}': {
    response: message,
    document: `{ message(${ofMessage}) { text } }`,
    at: ['message'],
  },
  'POST /threads/{id}/messages/{id}': write('modifyMessage', ofMessage, 'message { text }', message),
  'DELETE /threads/{id}/messages/{id}': write(
    'deleteMessage',
    ofMessage,
    'deletedMessageId',
    deleted('msg_1', 'thread.message.deleted'),
  ),
  'POST /threads/runs': write('createThreadAndRun', 'assistantId: "asst_1"', 'run { status }', run),
  'GET /threads/{id}/runs': {
    response: pageOf(run),
    document: `{ thread(${ofThread}) { runs { nodes { status } } } }`,
    at: ['thread', 'runs'],
  },
  'POST /threads/{id}/runs': write('createRun', `${ofThread}, assistantId: "asst_1"`, 'run { status }', run),
  'GET /threads/{id}/runs/{id}': { response: run, document: `{ run(${ofRun}) { status } }`, at: ['run'] },
  'POST /threads/{id}/runs/{id}': write('modifyRun', ofRun, 'run { status }', run),
  'POST /threads/{id}/runs/{id}/cancel': write('cancelRun', ofRun, 'run { status }', run),
  'POST /threads/{id}/runs/{id}/submit_tool_outputs': write(
    'submitToolOutputsToRun',
    `${ofRun}, toolOutputs: []`,
    'run { status }',
    run,
  ),
  'GET /threads/{id}/runs/{id}/steps': {
    response: pageOf(toolStep),
    document: `{ run(${ofRun}) { steps { nodes { status } } } }`,
    at: ['run', 'steps'],
  },
  'GET /threads/{id}/runs/{id}/steps/{id}': {
    response: toolStep,
    document: `{ runStep(${ofRun}, stepId: "step_1") { status } }`,
    at: ['runStep'],
  },
};

interface Server {
  readonly name: string;
  readonly lacks: readonly string[];
  readonly unknown: (call: UpstreamCall) => unknown;
}

/** How each kind of server responds to an operation that it does not have. */
const servers: readonly Server[] = [
  {
    name: 'with the paths of the hosted API',
    lacks: ['GET /threads'],
    unknown: () => refusal(401, 'Missing scopes: api.threads.read', { code: 'missing_scope' }),
  },
  {
    name: 'that knows the paths of what it lacks for other methods',
    lacks: Object.keys(operations).filter((operation) => /^(POST|DELETE) .*\{id\}$/.test(operation)),
    unknown: () => refusal(405, 'Method Not Allowed'),
  },
  {
    name: 'of Azure that lacks runs',
    lacks: Object.keys(operations).filter((operation) => operation.includes('/runs') || operation === 'GET /threads'),
    unknown: () => reply({ status: 404, json: { error: { code: '404', message: 'Resource not found' } } }),
  },
  {
    name: 'that names the path that it does not know',
    lacks: Object.keys(operations).filter((operation) => /cancel|steps|submit|DELETE|threads\/runs/.test(operation)),
    unknown: ({ method, path }) => refusal(404, `Invalid URL (${method} /v1${path})`),
  },
  {
    name: 'that has none of them, and says so with 501',
    lacks: Object.keys(operations),
    unknown: () => refusal(501, 'Not implemented.'),
  },
];

const valueAt = (data: unknown, at: readonly string[]): unknown =>
  at.reduce<unknown>((value, key) => (value as Record<string, unknown> | null)?.[key], data);

describe.each(servers)('over a server $name', ({ lacks, unknown }) => {
  const respond = (call: UpstreamCall) => {
    const operation = restOperationOf({ method: call.method, path: call.path });
    return lacks.includes(operation) ? unknown(call) : operations[operation]?.response;
  };

  /** It is carried out as two operations, if the server has these. */
  const isEmulated = !lacks.includes('POST /threads/{id}/runs');
  const isMissing = (name: string) => lacks.includes(name) && !(name === 'POST /threads/runs' && isEmulated);
  const all = Object.entries(operations);

  test.each(all.filter(([name]) => isMissing(name)))('%s is NOT_SUPPORTED', async (_, { document, at }) => {
    const { query } = await startFacade(respond);

    const { data, errors } = await query(document);
    expect(errors).toMatchObject([{ extensions: { code: 'NOT_SUPPORTED' } }]);
    expect(valueAt(data, at) ?? null).toBeNull();
  });

  const available = all.filter(([name]) => !isMissing(name));
  test.each(available)('%s has its result', async (_, { document, at }) => {
    const { query } = await startFacade(respond);

    const { data, errors } = await query(document);
    expect(errors).toBeUndefined();
    expect(valueAt(data, at)).toBeTruthy();
  });
});
