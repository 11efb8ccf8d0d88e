import { expect, test } from 'vitest';
import type { RestRun } from '../../src/wire/run.ts';
import type { Model } from '../../src/engine/models/model.ts';
import { offlineModel } from '../../src/engine/models/offline.ts';
import { functionTool, startClient, textOf } from '../engine/client.ts';
import { callChunks, completionText, textChunk, usageChunk } from './chatStream.ts';
import { completionRequests, startEngineOver } from './engineOver.ts';
import { brokenOff, events, type Play, streamedUntilClose } from './rawServer.ts';

/** The bytes up to the one that completes the finish. */
const bytesBefore = (stream: string, finish: string) => stream.slice(0, stream.indexOf(finish));

const ends = ['completed', 'failed', 'incomplete', 'requires_action'] as const;

const cutAt = (bytes: string, how: (text: string) => Play): [Play, ...Play[]] => {
  const plays = Array.from({ length: bytes.length + 1 }, (_, length) => how(bytes.slice(0, length)));
  return [plays[0] ?? how(''), ...plays];
};

const text = completionText([textChunk('Hello, '), textChunk('world')], 'stop', usageChunk(5, 2));
const calls = completionText(callChunks(0, 'look', '{"at":"sky"}'), 'tool_calls', usageChunk(5, 2));

test.each<[string, string, string, (text: string) => Play]>([
  ['text whose connection closes', text, '"finish_reason":"stop"', streamedUntilClose],
  ['a function call whose connection breaks', calls, '"finish_reason":"tool_calls"', brokenOff],
])('a stream of %s at any byte before its finish never ends a run as completed', async (_what, stream, finish, how) => {
  const bytes = bytesBefore(stream, finish);
  const { client } = await startEngineOver(cutAt(bytes, how), { model: { maxRetries: 0 } });
  const assistant = await client.assistant({ tools: [functionTool('look')] });
  const endOf = async () => client.until(await client.start(assistant, 'Hi'), ...ends);
  const runs: RestRun[] = [];
  while (runs.length <= bytes.length) runs.push(...(await Promise.all(Array.from({ length: 16 }, endOf))));
  expect(new Set(runs.map(({ status }) => status))).toEqual(new Set(['failed']));
  expect(new Set(runs.map(({ usage }) => usage))).toEqual(new Set([null]));
});

test('what a broken stream wrote stays, as an incomplete message of a failed run', async () => {
  const { client, server } = await startEngineOver([brokenOff(events(textChunk('Hello, ')))]);
  const created = await client.start(await client.assistant(), 'Hi');
  const run = await client.until(created, 'failed');
  expect(run).toMatchObject({
    last_error: { code: 'server_error', message: expect.stringContaining('closed the connection') },
    usage: null,
  });
  const message = (await client.messages(run.thread_id)).data.at(-1);
  expect(message).toMatchObject({ status: 'incomplete', incomplete_details: { reason: 'run_failed' } });
  expect(textOf(message)).toBe('Hello, ');
  expect((await client.steps(run)).data).toMatchObject([{ status: 'failed', usage: null }]);
  // It is not asked again: something had been written.
  expect(completionRequests(server)).toHaveLength(1);
});

test('calls of a completion that the endpoint broke off are not made', async () => {
  const half = completionText(callChunks(0, 'look', '{"at":"sk'), 'abort', usageChunk(5, 2));
  const { client } = await startEngineOver([streamedUntilClose(half)], { model: { maxRetries: 0 } });
  const assistant = await client.assistant({ tools: [functionTool('look')] });
  const run = await client.until(await client.start(assistant, 'Hi'), ...ends);
  expect(run).toMatchObject({
    status: 'failed',
    required_action: null,
    last_error: { message: 'The model endpoint broke off the completion; its reason: abort' },
  });
  expect((await client.steps(run)).data).toMatchObject([{ type: 'tool_calls', status: 'failed' }]);
});

test('a model whose completion ends without a finish fails the run', async () => {
  const unfinished: Model = {
    ...offlineModel,
    complete: async (_, take) => {
      await take({ type: 'text', text: 'Hello' });
    },
  };
  const client = await startClient({ model: unfinished });
  const run = await client.until(await client.start(await client.assistant(), 'Hi'), 'failed', 'completed');
  expect(run).toMatchObject({
    status: 'failed',
    last_error: { code: 'server_error', message: expect.stringContaining('without saying that it was finished') },
    usage: null,
  });
  expect((await client.messages(run.thread_id)).data.at(-1)).toMatchObject({ status: 'incomplete' });
});
