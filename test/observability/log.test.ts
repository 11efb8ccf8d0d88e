import { expect, test } from 'vitest';
import { createLog } from '../../src/observability/log.ts';
import { startServer } from '../support/server.ts';

const WORDS = 'the-words-of-a-message-8d1f';
const OUTPUT = 'the-output-of-a-tool-77c2';
const TOKEN = 'Bearer token-of-the-client-19ab';

test('a line is JSON with its level, time and event, then the fields', () => {
  const lines: string[] = [];
  const log = createLog({ level: 'info', write: (line) => lines.push(line) });

  log.with({ requestId: 'r1' }).info('graphql', { operation: 'Reads', errors: 0, events: undefined });
  log.debug('unseen');

  expect(lines).toEqual([
    expect.stringMatching(
      /^\{"level":"info","time":"\d{4}-\d\d-\d\dT[\d:.]+Z","event":"graphql","requestId":"r1","operation":"Reads","errors":0\}\n$/,
    ),
  ]);
});

test('a secret is replaced in every field, whatever text contains it', () => {
  const lines: string[] = [];
  const secret = 'sk-"quoted"\\0123456789';
  const log = createLog({ level: 'debug', secrets: [secret], write: (line) => lines.push(line) });

  log.error('crashed', { message: `the key ${secret} was refused`, stack: `Error: ${secret}\n at x` });
  log.with({ requestId: secret }).debug('seen');

  expect(lines.join('')).toContain('the key [redacted] was refused');
  expect(lines.join('')).not.toContain('0123456789');
});

test('nothing that clients write, and no credential of theirs, is in the output at the default level', async () => {
  const server = await startServer();
  const graphql = (query: string, variables = {}) => server.graphql(query, variables, { authorization: TOKEN });
  const { data } = await server.graphql<{ createAssistant: { assistant: { assistantId: string } } }>(
    `mutation ($text: String!) {
      createAssistant(input: { model: "offline", instructions: $text, tools: [{ function: { name: "look" } }] }) { assistant { assistantId } }
    }`,
    { text: WORDS },
    { authorization: TOKEN },
  );
  const assistantId = data?.createAssistant.assistant.assistantId;
  const post = async (path: string, body: object) =>
    (await server.rest(path, { method: 'POST', body: JSON.stringify(body), headers: { authorization: TOKEN } })).json();
  const run = await post('/threads/runs', {
    assistant_id: assistantId,
    thread: { messages: [{ role: 'user', content: `${WORDS}: please look` }] },
  });
  const path = `/threads/${run.thread_id}/runs/${run.id}`;
  const read = async () => (await server.rest(path)).json();
  await expect.poll(async () => (await read()).status).toBe('requires_action');
  const { required_action: action } = await read();
  await post(`${path}/submit_tool_outputs`, {
    tool_outputs: action.submit_tool_outputs.tool_calls.map(({ id }: { id: string }) => ({
      tool_call_id: id,
      output: OUTPUT,
    })),
  });
  await expect.poll(async () => (await read()).status).toBe('completed');

  await graphql('{ nothing }');
  await graphql(`query ($text: Int!) { assistants(first: $text) { nodes { name } } }`, { text: WORDS });
  await graphql(`{ thread(threadId: "${run.thread_id}") { messages { nodes { content { __typename } } } } }`);
  await post('/threads', { messages: WORDS });
  await server.rest('/threads', { method: 'POST', body: `{"messages": ${WORDS}` });
  expect(await server.stop()).toBe(0);

  expect(server.output()).toContain('"event":"graphql"');
  for (const text of [WORDS, OUTPUT, TOKEN.slice(7)]) expect(server.output()).not.toContain(text);
});
