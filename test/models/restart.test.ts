import { expect, test } from 'vitest';
import type { RestMessage } from '../../src/wire/message.ts';
import type { RestPage } from '../../src/wire/page.ts';
import type { RestRun } from '../../src/wire/run.ts';
import type { RestRunStep } from '../../src/wire/runStep.ts';
import { functionTool, textOf } from '../engine/client.ts';
import { newDataPath } from '../engine/dataFiles.ts';
import { type RunningServer, startServer } from '../support/server.ts';
import { callChunks, chunk, completion, textChunk, usageChunk } from './chatStream.ts';
import { completionRequests, startModel } from './engineOver.ts';
import { events, type Play, unending } from './rawServer.ts';

const post = async <Result>(server: RunningServer, path: string, body: object) =>
  (await (await server.rest(path, { method: 'POST', body: JSON.stringify(body) })).json()) as Result;
const get = async <Result>(server: RunningServer, path: string) => (await (await server.rest(path)).json()) as Result;
const read = async (server: RunningServer, { id, thread_id: thread }: RestRun) => ({
  run: await get<RestRun>(server, `/threads/${thread}/runs/${id}`),
  messages: (await get<RestPage<RestMessage>>(server, `/threads/${thread}/messages?order=asc`)).data,
  steps: (await get<RestPage<RestRunStep>>(server, `/threads/${thread}/runs/${id}/steps?order=asc`)).data,
});

/** Starts a run, and kills the server with SIGKILL once it has written what `isWritten` waits for. Then starts it again. */
const killedWhile = async (
  plays: [Play, ...Play[]],
  isWritten: (state: Awaited<ReturnType<typeof read>>) => boolean,
) => {
  const { server: model } = await startModel(plays);
  const env = { DATA_PATH: newDataPath(), MODEL_BASE_URL: model.url };
  const first = await startServer(env);
  const tools = [functionTool('look')];
  const assistant = await post<{ id: string }>(first, '/assistants', { model: 'm', tools });
  const thread = { messages: [{ role: 'user', content: 'Hi' }] };
  const created = await post<RestRun>(first, '/threads/runs', { assistant_id: assistant.id, thread });
  await expect.poll(async () => isWritten(await read(first, created)), { timeout: 10_000 }).toBe(true);
  await first.kill9();

  const second = await startServer(env);
  const ended = async () => {
    await expect
      .poll(async () => (await read(second, created)).run.status, { timeout: 10_000, interval: 100 })
      .not.toBe('in_progress');
    return read(second, created);
  };
  return { model, second, assistant, created, ended };
};

test('after kill -9 a half-written message of a real model is incomplete, and the turn begins again', async () => {
  const { model, second, assistant, ended } = await killedWhile(
    [
      unending(events(textChunk('Half of '))),
      completion([textChunk('All of it.')], 'stop', usageChunk(9, 4)),
      completion([textChunk('ok')], 'stop', usageChunk(9, 4)),
    ],
    ({ messages }) => textOf(messages[1]) === 'Half of ',
  );
  const { run, messages, steps } = await ended();
  // What the call used that was cut off is unknown.
  expect(run).toMatchObject({ status: 'completed', last_error: null, usage: null });
  expect(messages.map((message) => [textOf(message), message.status])).toEqual([
    ['Hi', 'completed'],
    ['Half of ', 'incomplete'],
    ['All of it.', 'completed'],
  ]);
  expect(messages[1]).toMatchObject({ incomplete_details: { reason: 'run_failed' }, completed_at: null });
  expect(steps.map(({ status, usage }) => [status, usage?.total_tokens])).toEqual([
    ['failed', undefined],
    ['completed', 13],
  ]);
  expect(steps[0]?.last_error?.message).toContain('started again');

  const path = `/threads/${run.thread_id}/runs`;
  const next = await post<RestRun>(second, path, { assistant_id: assistant.id });
  await expect.poll(async () => (await read(second, next)).run.status).toBe('completed');
  const prompts = completionRequests(model).map((body) => body['messages']);
  const hi = { role: 'user', content: 'Hi' };
  expect(prompts).toEqual([[hi], [hi], [hi, { role: 'assistant', content: 'All of it.' }]]);
  await second.stop();
});

test('after kill -9 text that preceded a half-written call is incomplete too', async () => {
  const cut = chunk({ tool_calls: [{ index: 0, id: 'a', function: { name: 'look', arguments: '{"at"' } }] });
  const { second, ended } = await killedWhile(
    [
      unending(events(textChunk('Looking.'), cut)),
      completion([textChunk('Looking.'), ...callChunks(0, 'look', '{}')], 'tool_calls'),
    ],
    ({ steps }) => JSON.stringify(steps).includes('{\\"at\\"'),
  );
  const { run, messages, steps } = await ended();
  expect(run.status).toBe('requires_action');
  expect(run.required_action?.submit_tool_outputs.tool_calls).toMatchObject([{ function: { arguments: '{}' } }]);
  expect(messages.map((message) => [textOf(message), message.status])).toEqual([
    ['Hi', 'completed'],
    ['Looking.', 'incomplete'],
    ['Looking.', 'completed'],
  ]);
  expect(steps.map(({ type, status }) => [type, status])).toEqual([
    ['message_creation', 'completed'],
    ['tool_calls', 'failed'],
    ['message_creation', 'completed'],
    ['tool_calls', 'in_progress'],
  ]);
  await second.stop();
});
