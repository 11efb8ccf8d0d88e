import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import type { McpServer } from '../../src/engine/tools/mcpServer.ts';
import { mcpTools, type McpToolsOptions } from '../../src/engine/tools/mcpTools.ts';
import type { RestRun } from '../../src/wire/run.ts';
import { functionTool, startClient, textOf } from './client.ts';
import { httpKey, startMcpOverHttp } from './mcpOverHttp.ts';

const apiKey = 'the-key-of-the-program';

const program = () => {
  const folder = mkdtempSync(join(tmpdir(), 'mcp-'));
  const path = join(folder, 'log');
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const server: McpServer = {
    type: 'stdio',
    command: process.execPath,
    args: ['--import', 'tsx', fileURLToPath(new URL('mcpProgram.ts', import.meta.url))],
    env: { LOG: path, API_KEY: apiKey },
  };
  const lines = () => readFileSync(path, 'utf8').trim().split('\n');
  return { server, lines };
};

const overHttp = async () => {
  const { url, lines, forgetSessions } = await startMcpOverHttp();
  const server: McpServer = { type: 'http', url, headers: { authorization: httpKey } };
  return { server, lines: () => lines, forgetSessions };
};

const starts = { stdio: program, http: overHttp };

const names = [
  'forecast',
  'variables',
  'meta',
  'fail',
  'large',
  'structured',
  'mixed',
  'slow',
  'lookUp',
  'book',
  'nothing',
];

/** An engine whose functions are tools of `server`. */
const startBound = async (server: McpServer, options: Partial<McpToolsOptions> = {}) => {
  const log: string[] = [];
  const tools = await mcpTools({
    servers: new Map([['test', server]]),
    tools: new Map(names.map((name) => [name, { server: 'test', tool: name }])),
    firstPauseMs: 1,
    log: (line) => log.push(line),
    ...options,
  });
  const client = await startClient({ tools });
  const assistant = await client.assistant({ tools: [...names, 'other'].map(functionTool) });
  const outputs = async (run: RestRun) =>
    (await client.steps(run)).data.flatMap(({ step_details: details }) =>
      details.type === 'tool_calls'
        ? details.tool_calls.map((call) => (call.type === 'function' ? call.function.output : ''))
        : [],
    );
  return {
    client,
    log,
    outputs,
    start: (text: string) => client.start(assistant, text),
    /** The output of the only call of a run. */
    output: async (text: string) =>
      (await outputs(await client.until(await client.start(assistant, text), 'completed')))[0],
  };
};

test.each(['stdio', 'http'] as const)(
  'over %s, a run whose call is bound to a tool of an MCP server goes on by itself',
  async (type) => {
    const { server } = await starts[type]();
    const { client, start, outputs } = await startBound(server);
    const done = await client.until(await start('forecast for {"city":"Paris"}'), 'completed');
    expect(await outputs(done)).toEqual(['It rains in Paris.']);
    expect(textOf((await client.messages(done.thread_id)).data.at(-1))).toBe(
      '[offline model] forecast returned: It rains in Paris.',
    );
  },
);

test('a run with a call of an MCP server and another waits for the other output only', async () => {
  const { server } = await overHttp();
  const { client, start, outputs } = await startBound(server);
  const waiting = await client.until(await start('structured and other'), 'requires_action');
  expect(waiting.required_action?.submit_tool_outputs.tool_calls.map((call) => call.function.name)).toEqual(['other']);
  await client.submit(waiting, 'by the client');
  expect(await outputs(await client.until(waiting, 'completed'))).toEqual(['{"degrees":21}', 'by the client']);
});

test.each(['stdio', 'http'] as const)(
  'over %s, what is no text of a result is described, and errors go to the model',
  async (type) => {
    const { server } = await starts[type]();
    const { output } = await startBound(server);
    expect(await output('mixed')).toBe(
      'one\n[image, image/png, 12 bytes]\n[resource note://1, text/plain]\ntwo\n[resource note://2, 5 bytes]\n[resource file:///a.txt, a.txt]',
    );
    expect(await output('fail')).toBe('The tool failed: no such city');
    expect(await output('large')).toBe('The tool failed: its output is larger than 512 KiB.');
    expect(await output('nothing')).toMatch(/^The tool failed: .*nothing.* not found/);
    expect(await output('forecast')).toMatch(/^The tool failed: .*city/s);
  },
);

test('a call carries its ids, so that a server can recognize one that is made again', async () => {
  const { server } = await overHttp();
  const { client, start, outputs } = await startBound(server);
  const done = await client.until(await start('meta'), 'completed');
  const [step] = (await client.steps(done)).data;
  const [call] = step?.step_details.type === 'tool_calls' ? step.step_details.tool_calls : [];
  const [output] = await outputs(done);
  expect(JSON.parse(output ?? '')).toMatchObject({
    'assistants-graphql/tool_call_id': call?.id,
    'assistants-graphql/thread_id': done.thread_id,
    'assistants-graphql/run_id': done.id,
    'assistants-graphql/assistant_id': done.assistant_id,
  });
});

test('a program gets the environment that is configured and PATH, and its key is in no output', async () => {
  const { server } = program();
  const { output } = await startBound(server);
  const variables = JSON.parse((await output('variables')) ?? '') as Record<string, string>;
  expect(Object.keys(variables).toSorted()).toEqual(['API_KEY', 'LOG', 'PATH']);
  expect(variables['API_KEY']).toBe('[redacted]');
});

test.each([
  ['stdio', 'lookUp', 'lookUp is done', 2],
  ['stdio', 'book', 'The tool failed: it ended, or closed the connection, before it responded.', 1],
  ['http', 'lookUp', 'lookUp is done', 2],
  ['http', 'book', 'The tool failed: it could not be reached, or closed the connection.', 1],
] as const)('over %s, after a crash within %s the output is: %s', async (type, name, expected, count) => {
  const { server, lines } = await starts[type]();
  const { output, log } = await startBound(server, { timeoutMs: 20_000 });
  expect(await output(name)).toBe(expected);
  expect(lines().filter((line) => line === `${name} ran`)).toHaveLength(count);
  expect(await output('forecast for {"city":"Rome"}')).toBe('It rains in Rome.');
  expect(log.join('\n')).not.toMatch(/the-key-of/);
});

test('a server that has forgotten its sessions is connected to again, and the call is made once', async () => {
  const { server, lines, forgetSessions } = await overHttp();
  const { output, log } = await startBound(server);
  expect(await output('forecast for {"city":"Rome"}')).toBe('It rains in Rome.');
  forgetSessions();
  expect(await output('forecast for {"city":"Oslo"}')).toBe('It rains in Oslo.');
  expect(lines()).toEqual(['session began', 'session began']);
  expect(log).toEqual([expect.stringContaining('has no tool nothing'), expect.stringContaining('has no tool nothing')]);
});

test.each([429, 503])(
  'a call whose connection is refused with the status %d at first connects again',
  async (status) => {
    const { url, respondWithPages, lines } = await startMcpOverHttp();
    respondWithPages(status, status);
    const { output } = await startBound({ type: 'http', url, headers: { authorization: httpKey } });
    expect(await output('forecast for {"city":"Rome"}')).toBe('It rains in Rome.');
    expect(lines).toEqual(['session began']);
  },
);

test('a page of HTML with the status 200 is a response that is not valid', async () => {
  const { url, respondWithPages } = await startMcpOverHttp();
  const { output } = await startBound({ type: 'http', url, headers: { authorization: httpKey } });
  expect(await output('forecast for {"city":"Rome"}')).toBe('It rains in Rome.');
  respondWithPages(200);
  expect(await output('forecast for {"city":"Oslo"}')).toBe('The tool failed: its response is not valid.');
  expect(await output('forecast for {"city":"Rome"}')).toBe('It rains in Rome.');
});

test.each(['stdio', 'http'] as const)(
  'over %s, a call that takes too long is ended, as is the call of a cancelled run',
  async (type) => {
    const { server, lines } = await starts[type]();
    const { client, output, start } = await startBound(server, { timeoutMs: 3000 });
    expect(await output('slow')).toBe('The tool failed: it did not respond within 3000 ms.');
    await expect.poll(() => lines().filter((line) => line === 'slow was cancelled')).toHaveLength(1);
    const run = await start('slow');
    await expect.poll(() => lines().filter((line) => line === 'slow began')).toHaveLength(2);
    await client.post(`/threads/${run.thread_id}/runs/${run.id}/cancel`);
    await client.until(run, 'cancelled');
    await expect.poll(() => lines().filter((line) => line === 'slow was cancelled')).toHaveLength(2);
  },
);

test.each<[string, McpServer, string]>([
  ['cannot be started', { type: 'stdio', command: '/no/such/program', args: [], env: {} }, 'it could not be started.'],
  [
    'does not listen',
    { type: 'http', url: 'http://127.0.0.1:9/mcp', headers: {} },
    'it could not be reached, or closed the connection.',
  ],
])('the output of a call to a server that %s says so, and the log says more', async (_, server, reason) => {
  const { output, log } = await startBound(server);
  await expect.poll(() => log).toHaveLength(1);
  expect(log[0]).toContain(`the MCP server test cannot be used now: ${reason} (`);
  expect(await output('forecast')).toBe(`The tool failed: ${reason}`);
});

test('the key of a server is in no output and no log, even if the server returns it', async () => {
  const { url } = await startMcpOverHttp();
  const { output, log } = await startBound({
    type: 'http',
    url,
    headers: { authorization: 'Bearer the-key-of-another' },
  });
  expect(await output('forecast')).toBe('The tool failed: it returned the status 401.');
  expect(log.join('\n')).toContain('it returned the status 401.');
  expect(log.join('\n')).not.toContain('the-key-of-another');
});

test('closing the engine while a program starts ends the program, and does not wait for its handshake', async () => {
  const silent: McpServer = {
    type: 'stdio',
    command: process.execPath,
    args: ['-e', 'process.stdin.resume()'],
    env: {},
  };
  const { client, log } = await startBound(silent, { timeoutMs: 300_000 });
  await client.engine.close();
  expect(log).toEqual([expect.stringContaining('the MCP server test cannot be used now')]);
});

test('closing the engine ends the programs and the sessions', async () => {
  const { server, lines } = program();
  const http = await overHttp();
  const bound = await startBound(server);
  const other = await startBound(http.server);
  await bound.output('structured');
  await other.output('structured');
  const pid = Number(lines()[0]?.split(' ')[1]);
  expect(() => process.kill(pid, 0)).not.toThrow();
  await Promise.all([bound.client.engine.close(), other.client.engine.close()]);
  expect(() => process.kill(pid, 0)).toThrow('ESRCH');
  expect(http.lines().at(-1)).toBe('session ended');
});
