import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import OpenAI from 'openai';
import { expect, test } from 'vitest';
import { readConfig, secretsOf } from '../../src/cli/config.ts';
import { newDirectory } from '../engine/dataFiles.ts';
import { httpKey, startMcpOverHttp } from '../engine/mcpOverHttp.ts';
import { startWebhooks, webhookSecret } from '../engine/webhookServer.ts';
import { runServer, startServer } from '../support/server.ts';

const serversFile = (servers: object | string) => {
  const path = join(newDirectory(), 'mcp.json');
  writeFileSync(path, typeof servers === 'string' ? servers : JSON.stringify({ mcpServers: servers }));
  return path;
};

test('one turn of a run calls a webhook, a program, an MCP server over HTTP and a client, and the model gets all outputs', async () => {
  const webhooks = await startWebhooks((response) => response.end('noon'));
  const http = await startMcpOverHttp();
  const program = fileURLToPath(new URL('../engine/mcpProgram.ts', import.meta.url));
  const server = await startServer({
    TOOL_WEBHOOKS: `get_time=${webhooks.url}/time`,
    TOOL_WEBHOOK_SECRET: webhookSecret,
    TOOL_MCP: 'get_weather=local/forecast,get_climate=remote/structured',
    TOOL_MCP_SERVERS_FILE: serversFile({
      local: {
        command: process.execPath,
        args: ['--import', 'tsx', program],
        env: { LOG: join(newDirectory(), 'log'), API_KEY: 'the-key-of-the-program' },
      },
      remote: { type: 'http', url: http.url, headers: { authorization: httpKey } },
      unused: { command: 'never-started' },
    }),
  });
  expect(server.output()).toMatch(
    /Tools +get_time by webhooks; get_weather by the MCP server local \(stdio\); get_climate by the MCP server remote \(http\); others by clients/,
  );
  const names = ['get_weather', 'get_climate', 'get_time', 'ask_user'];
  const { assistants, threads } = new OpenAI({ apiKey: 'any', baseURL: `${server.url}/v1`, maxRetries: 0 }).beta;
  const { id: assistant_id } = await assistants.create({
    model: 'm',
    tools: names.map((name) => ({ type: 'function', function: { name } })),
  });
  const content = `${names.join(' and ')} for {"city":"Paris"}`;
  const waiting = await threads.createAndRunPoll({ assistant_id, thread: { messages: [{ role: 'user', content }] } });
  const calls = waiting.required_action?.submit_tool_outputs.tool_calls ?? [];
  expect(calls.map((call) => call.function.name)).toEqual(['ask_user']);
  const done = await threads.runs.submitToolOutputsAndPoll(waiting.id, {
    thread_id: waiting.thread_id,
    tool_outputs: calls.map(({ id }) => ({ tool_call_id: id, output: 'by train' })),
  });
  expect(done.status).toBe('completed');
  const read = await server.graphql<{ run: { steps: { nodes: { stepDetails: { toolCalls?: unknown[] } }[] } } }>(
    `query ($thread: ID!, $run: ID!) { run(threadId: $thread, runId: $run) { steps { nodes { stepDetails {
      ... on RunStepDetailsToolCalls { toolCalls { ... on FunctionToolCall { function { name output } } } }
    } } } } }`,
    { thread: done.thread_id, run: done.id },
  );
  expect(read.data?.run.steps.nodes.flatMap(({ stepDetails }) => stepDetails.toolCalls ?? [])).toEqual([
    { function: { name: 'get_weather', output: 'It rains in Paris.' } },
    { function: { name: 'get_climate', output: '{"degrees":21}' } },
    { function: { name: 'get_time', output: 'noon' } },
    { function: { name: 'ask_user', output: 'by train' } },
  ]);
  await server.stop();
  expect(http.lines.at(-1)).toBe('session ended');
  expect(server.output()).not.toContain('the-key-of');
});

const file = { TOOL_MCP_SERVERS_FILE: '/no/such/file' };
const tools = { TOOL_MCP: 'search=docs/search' };

test.each<[Record<string, string>, object | string | undefined, string]>([
  [tools, undefined, 'TOOL_MCP names the server docs, but TOOL_MCP_SERVERS_FILE has none.'],
  [tools, { crm: { command: 'node' } }, 'TOOL_MCP names the server docs, but TOOL_MCP_SERVERS_FILE has crm.'],
  [file, undefined, 'TOOL_MCP_SERVERS_FILE must be the path of a JSON file'],
  [{}, '{"mcpServers": the-secret', '(it is no JSON)'],
  [{}, { docs: { command: 'node', evn: {} } }, '(mcpServers.docs: Unrecognized key: "evn")'],
  [{}, { docs: { url: 'ftp://docs.example' } }, '(mcpServers.docs.url: must be an http or https URL'],
  [
    {},
    { docs: { url: 'https://a.example', headers: { a: 'the-secret\n' } } },
    '(mcpServers.docs.headers: must be valid',
  ],
  [{ TOOL_MCP: 'search=docs' }, undefined, 'TOOL_MCP must be names of functions'],
  [
    { ...tools, TOOL_WEBHOOKS: 'search=https://tools.example', TOOL_WEBHOOK_SECRET: webhookSecret },
    { docs: { command: 'node' } },
    'TOOL_WEBHOOKS and TOOL_MCP both name the function search.',
  ],
  [
    { ...tools, ASSISTANTS_BASE_URL: 'https://api.example/v1' },
    { docs: { command: 'node' } },
    'TOOL_MCP has no effect with ASSISTANTS_BASE_URL',
  ],
])(
  'the server does not start with %j and servers %j, and says why without quoting the file',
  async (env, servers, message) => {
    const path: Record<string, string> = servers === undefined ? {} : { TOOL_MCP_SERVERS_FILE: serversFile(servers) };
    const { code, stderr } = await runServer({ ...path, ...env });
    expect(code).toBe(1);
    expect(stderr).toContain(message);
    expect(stderr).not.toContain('the-secret');
  },
);

test('a server that cannot open its data file ends its MCP programs and itself', async () => {
  const folder = newDirectory();
  const program = fileURLToPath(new URL('../engine/mcpProgram.ts', import.meta.url));
  const { code, stderr } = await runServer({
    DATA_PATH: folder,
    TOOL_MCP: 'get_weather=local/forecast',
    TOOL_MCP_SERVERS_FILE: serversFile({
      local: { command: process.execPath, args: ['--import', 'tsx', program], env: { LOG: join(folder, 'log') } },
    }),
  });
  expect(code).toBe(1);
  expect(stderr).toContain(folder);
});

test('headers, keys in URLs and keys in the environment of MCP servers count as secrets', () => {
  const path = serversFile({
    local: { command: 'node', env: { API_TOKEN: 'token-1', MODE: 'production' } },
    remote: {
      url: 'https://a.example/mcp/key-2-of-24-characters-or-so?key=key-1',
      headers: { authorization: 'Bearer header-1' },
    },
  });
  const secrets = secretsOf(readConfig({ TOOL_MCP: 'a=local/b', TOOL_MCP_SERVERS_FILE: path }));
  expect(secrets).toEqual(
    expect.arrayContaining(['token-1', 'key-1', 'key-2-of-24-characters-or-so', 'Bearer header-1']),
  );
  expect(secrets).not.toContain('production');
});
