import { AzureOpenAI, NotFoundError } from 'openai';
import { expect, test } from 'vitest';
import type { RestAssistant } from '../../src/wire/assistant.ts';
import type { RestErrorBody } from '../../src/wire/error.ts';
import { startClient } from './client.ts';
import { startOverHttp } from './overHttp.ts';

test.each(['2024-05-01-preview', '2024-02-15-preview'])(
  'the client AzureOpenAI with API version %s works without changes',
  async (apiVersion) => {
    const { url } = await startOverHttp();
    const azure = new AzureOpenAI({ endpoint: url, apiKey: 'any', apiVersion, maxRetries: 0 });
    const { assistants, threads } = azure.beta;
    const tools = [{ type: 'function' as const, function: { name: 'look' } }];
    const assistant = await assistants.create({ model: 'deployment', tools });
    expect((await assistants.list()).data).toEqual([assistant]);

    const run = await threads.createAndRunPoll({
      assistant_id: assistant.id,
      thread: { messages: [{ role: 'user', content: 'look' }] },
    });
    const { thread_id } = run;
    const [call] = run.required_action?.submit_tool_outputs.tool_calls ?? [];
    const stream = threads.runs.submitToolOutputsStream(run.id, {
      thread_id,
      tool_outputs: [{ tool_call_id: call?.id ?? '', output: 'seen' }],
    });
    expect((await stream.finalRun()).status).toBe('completed');
    expect((await threads.messages.list(thread_id)).data).toHaveLength(2);
    await assistants.delete(assistant.id);
    await expect(assistants.retrieve(assistant.id)).rejects.toBeInstanceOf(NotFoundError);
  },
);

// What the package @azure/openai-assistants sends: `api-key`, `api-version`, and no OpenAI-Beta header.
const headers = { 'api-key': 'any', 'content-type': 'application/json' };

test.each(['/openai', '/openai/v1'])('requests below %s need no OpenAI-Beta header', async (base) => {
  const { engine } = await startClient();
  const send = async (method: string, path: string, body?: object) =>
    engine.fetch(
      new Request(`http://engine.test${base}${path}?api-version=2024-02-15-preview`, {
        method,
        headers,
        ...(body !== undefined && { body: JSON.stringify(body) }),
      }),
    );
  const created = (await (await send('POST', '/assistants', { model: 'm' })).json()) as RestAssistant;
  expect(await (await send('GET', `/assistants/${created.id}`)).json()).toEqual(created);
  expect((await send('POST', '/threads', {})).status).toBe(200);
  const missing = await send('GET', '/threads/thread_none');
  expect(missing.status).toBe(404);
  expect(((await missing.json()) as RestErrorBody).error.message).toBe("No thread found with id 'thread_none'.");
});

test('objects are the same below every base path', async () => {
  const client = await startClient();
  const assistant = await client.assistant();
  for (const base of ['/openai', '/openai/v1', '/v1']) {
    const request = new Request(`http://engine.test${base}/assistants/${assistant.id}`, {
      headers: { 'openai-beta': 'assistants=v2' },
    });
    expect(await (await client.engine.fetch(request)).json()).toEqual(assistant);
  }
});

test.each(['/openai', '/openai/', '/openai/v1', '/openai/v2/assistants', '/openaix/assistants', '/azure/assistants'])(
  '%s is a 404',
  async (path) => {
    const { engine } = await startClient();
    const response = await engine.fetch(new Request(`http://engine.test${path}`, { headers }));
    expect(response.status).toBe(404);
    expect(await response.json()).toMatchObject({ error: { message: `Invalid URL (GET ${path})` } });
  },
);
