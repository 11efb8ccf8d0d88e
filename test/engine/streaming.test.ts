import { expect, onTestFinished, test, vi } from 'vitest';
import type { RestRun } from '../../src/wire/run.ts';
import { callsOf, eventsIn, functionTool, requestTo, scriptedModel, startClient } from './client.ts';

const messageEvents = [
  'thread.run.in_progress',
  'thread.run.step.created',
  'thread.run.step.in_progress',
  'thread.message.created',
  'thread.message.in_progress',
  'thread.message.delta',
  'thread.message.completed',
  'thread.run.step.completed',
  'thread.run.completed',
  'done',
];

/** Names of events, a row of the same as one. */
const namesOf = (events: { event: string }[]) =>
  events.map(({ event }) => event).filter((event, index, all) => event !== all[index - 1]);

const tools = [functionTool('look')];

/** A model that writes each word that is pushed to it, and stops at the end of the script. */
const pacedModel = (words: string[]) => {
  const releases: (() => void)[] = [];
  const gates = words.map(() => new Promise<void>((resolve) => releases.push(resolve)));
  const script = scriptedModel(async function* () {
    for (const [index, text] of words.entries()) {
      await gates[index];
      yield { type: 'text', text };
    }
  });
  return { model: script.model, release: (index: number) => releases[index]?.() };
};

test('the events of a run without tools are streamed in order, with numbers', async () => {
  const client = await startClient();
  const { id } = await client.assistant();
  const thread = await client.thread('hello there');
  const events = await client.events('POST', `/threads/${thread.id}/runs`, { assistant_id: id, stream: true });
  expect(namesOf(events)).toEqual(['thread.run.created', 'thread.run.queued', ...messageEvents]);
  expect(events.map((event) => event.id)).toEqual([...events.slice(1).map((_, index) => index + 1), undefined]);
  expect(events.at(-1)?.data).toBe('[DONE]');
});

test('the deltas of a message add up to the message', async () => {
  const client = await startClient();
  const { id } = await client.assistant();
  const thread = await client.thread('hello there');
  const events = await client.events('POST', `/threads/${thread.id}/runs`, { assistant_id: id, stream: true });
  const deltas = events.filter(({ event }) => event === 'thread.message.delta');
  const [completion] = (await client.messages(thread.id, 'limit=1')).data;
  expect(deltas.length).toBeGreaterThan(2);
  expect(deltas[0]).toMatchObject({
    data: {
      id: completion?.id,
      object: 'thread.message.delta',
      delta: { content: [{ index: 0, type: 'text', text: { value: expect.any(String), annotations: [] } }] },
    },
  });
  const pieces = deltas.map(
    ({ data }) => (data as { delta: { content: { text: { value: string } }[] } }).delta.content[0],
  );
  expect(pieces.map((piece) => piece?.text.value).join('')).toBe('[offline model] You wrote: "hello there"');
});

test('each event carries the object as REST returns it', async () => {
  const client = await startClient();
  const { id } = await client.assistant();
  const thread = await client.thread('hello');
  const events = await client.events('POST', `/threads/${thread.id}/runs`, { assistant_id: id, stream: true });
  const last = (name: string) => events.find(({ event }) => event === name)?.data;
  const run = last('thread.run.completed') as RestRun;
  expect(await client.run(run)).toEqual(run);
  expect((await client.steps(run)).data).toEqual([last('thread.run.step.completed')]);
  expect((await client.messages(thread.id, 'limit=1')).data).toEqual([last('thread.message.completed')]);
});

test('a stream ends with requires_action, and submitting outputs starts another', async () => {
  const client = await startClient();
  const assistant = await client.assistant({ tools });
  const body = { assistant_id: assistant.id, stream: true, thread: { messages: [{ role: 'user', content: 'look' }] } };
  const firstEvents = await client.events('POST', '/threads/runs', body);
  expect(namesOf(firstEvents)).toEqual([
    'thread.created',
    'thread.run.created',
    'thread.run.queued',
    'thread.run.in_progress',
    'thread.run.step.created',
    'thread.run.step.in_progress',
    'thread.run.step.delta',
    'thread.run.requires_action',
    'done',
  ]);
  const run = firstEvents.at(-2)?.data as RestRun;
  const [call] = callsOf(run);
  const deltas = firstEvents.filter(({ event }) => event === 'thread.run.step.delta').map(({ data }) => data);
  expect(deltas[0]).toMatchObject({
    object: 'thread.run.step.delta',
    delta: {
      step_details: {
        type: 'tool_calls',
        tool_calls: [
          { index: 0, id: call?.id, type: 'function', function: { name: 'look', arguments: '', output: null } },
        ],
      },
    },
  });

  const secondEvents = await client.events('POST', `/threads/${run.thread_id}/runs/${run.id}/submit_tool_outputs`, {
    tool_outputs: [{ tool_call_id: call?.id, output: 'seen' }],
    stream: true,
  });
  expect(namesOf(secondEvents)).toEqual(['thread.run.step.completed', 'thread.run.queued', ...messageEvents]);
  expect(secondEvents[0]?.id).toBe((firstEvents.at(-2)?.id ?? 0) + 1);
});

test.each([
  ['please fail', ['thread.run.failed', 'done']],
  ['please fail halfway', ['thread.message.incomplete', 'thread.run.step.failed', 'thread.run.failed', 'done']],
])('the stream of a run with the message "%s" ends with its terminal event', async (content, names) => {
  const client = await startClient();
  const { id } = await client.assistant();
  const body = { assistant_id: id, stream: true, thread: { messages: [{ role: 'user', content }] } };
  expect(namesOf(await client.events('POST', '/threads/runs', body)).slice(-names.length)).toEqual(names);
});

test('the stream of a cancelled run ends with its terminal event', async () => {
  const client = await startClient();
  const run = await client.start(await client.assistant(), 'take 60 seconds');
  const following = client.events('GET', `/threads/${run.thread_id}/runs/${run.id}/events`);
  await client.until(run, 'in_progress');
  await client.post(`/threads/${run.thread_id}/runs/${run.id}/cancel`);
  expect(namesOf(await following).slice(-3)).toEqual(['thread.run.cancelling', 'thread.run.cancelled', 'done']);
});

test('deltas are streamed while the model writes', async () => {
  const { model, release } = pacedModel(['Once', ' upon']);
  const client = await startClient({ model });
  const { id } = await client.assistant();
  const response = await client.engine.fetch(requestTo('POST', '/threads/runs', { assistant_id: id, stream: true }));
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  let seen = '';
  const readUntil = async (text: string) => {
    while (!seen.includes(text)) {
      const { value, done } = (await reader?.read()) ?? { done: true };
      if (done) throw new Error(`the stream ended before it said ${text}`);
      seen += value ?? '';
    }
  };
  await readUntil('thread.run.in_progress');
  release(0);
  await readUntil('"value":"Once"');
  expect(seen).not.toContain('upon');
  release(1);
  await readUntil('event: done');
});

test('an error before a stream begins is a JSON error', async () => {
  const client = await startClient();
  const { id } = await client.thread();
  expect(
    await client.errorOf('POST', `/threads/${id}/runs`, { assistant_id: 'asst_none', stream: true }),
  ).toMatchObject({
    status: 404,
    message: "No assistant found with id 'asst_none'.",
  });
});

test('a client that disconnects does not stop the run', async () => {
  const { model, release } = pacedModel(['Once']);
  const client = await startClient({ model });
  const { id } = await client.assistant();
  const response = await client.engine.fetch(requestTo('POST', '/threads/runs', { assistant_id: id, stream: true }));
  const reader = response.body?.getReader();
  const { value } = (await reader?.read()) ?? {};
  const run = eventsIn(new TextDecoder().decode(value)).at(-1)?.data as RestRun;
  await reader?.cancel();
  release(0);
  expect(await client.until(run, 'completed')).toMatchObject({ id: run.id, last_error: null });
});

test('the events endpoint replays all events after any number to the end', async () => {
  const client = await startClient();
  const run = await client.start(await client.assistant({ tools }), 'look then look');
  const path = `/threads/${run.thread_id}/runs/${run.id}/events`;
  const following = client.events('GET', path);
  for (const output of ['one', 'two']) await client.submit(await client.until(run, 'requires_action'), output);
  const all = await following;
  expect(namesOf(all).filter((name) => name.startsWith('thread.run.') && !name.includes('step'))).toEqual([
    'thread.run.created',
    ...['queued', 'in_progress', 'requires_action'].map((name) => `thread.run.${name}`),
    ...['queued', 'in_progress', 'requires_action'].map((name) => `thread.run.${name}`),
    ...['queued', 'in_progress', 'completed'].map((name) => `thread.run.${name}`),
  ]);
  for (const after of [0, 1, 7, all.length - 2, all.length - 1, all.length + 5]) {
    const replay = await client.events('GET', `${path}?after=${after}`);
    expect(replay.slice(0, -1)).toEqual(all.slice(after, -1));
    expect(replay.at(-1)?.event).toBe('done');
  }
});

test('an idle stream sends a comment every fifteen seconds', async () => {
  const client = await startClient();
  const started = await client.start(await client.assistant({ tools }), 'look');
  const run = await client.until(started, 'requires_action');
  const path = `/threads/${run.thread_id}/runs/${run.id}/events`;
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  onTestFinished(() => void vi.useRealTimers());

  const { body } = await client.engine.fetch(requestTo('GET', `${path}?after=9`));
  const reader = body?.pipeThrough(new TextDecoderStream()).getReader();
  for (let count = 0; count < 3; count += 1) {
    const piece = reader?.read();
    await vi.waitUntil(() => vi.getTimerCount() > 0);
    await vi.advanceTimersByTimeAsync(15_000);
    expect((await piece)?.value).toBe(': keep-alive\n\n');
  }
  vi.useRealTimers();
  await client.submit(run, 'seen');
  let text = '';
  for (let piece = await reader?.read(); piece?.done === false; piece = await reader?.read()) text += piece.value;
  expect(text).toMatch(/^id: 10\n[^]*event: done\n/u);
});

test('the after parameter of the events endpoint must be a valid number', async () => {
  const client = await startClient();
  const run = await client.start(await client.assistant(), 'hello');
  const path = `/threads/${run.thread_id}/runs/${run.id}/events`;
  expect(await client.errorOf('GET', `${path}?after=-1`)).toMatchObject({ status: 400, param: 'after' });
  expect(await client.errorOf('GET', `${path}?after=x`)).toMatchObject({ status: 400, param: 'after' });
  expect(await client.errorOf('GET', `/threads/${run.thread_id}/runs/run_none/events`)).toMatchObject({ status: 404 });
});

test('events are not read ahead for a slow client', async () => {
  const words = Array.from({ length: 2000 }, (_, index) => ` word ${index}`);
  const script = scriptedModel(async function* () {
    for (const text of words) yield { type: 'text', text };
  });
  const client = await startClient({ model: script.model });
  const run = await client.until(await client.start(await client.assistant(), 'go'), 'completed');
  const path = `/threads/${run.thread_id}/runs/${run.id}/events`;
  const stalled = await Promise.all(Array.from({ length: 50 }, () => client.engine.fetch(requestTo('GET', path))));
  const sizes = await Promise.all(
    stalled.map(async ({ body }) => {
      const reader = body?.getReader();
      const { value } = (await reader?.read()) ?? {};
      await reader?.cancel();
      return eventsIn(new TextDecoder().decode(value)).length;
    }),
  );
  expect(Math.max(...sizes)).toBeLessThanOrEqual(200);
  expect((await client.events('GET', path)).length).toBeGreaterThan(2000);
});

test('many clients of one run each get all events, once and in order', async () => {
  const client = await startClient();
  const run = await client.start(await client.assistant(), 'take 0.5 seconds over quite a number of words, please');
  const path = `/threads/${run.thread_id}/runs/${run.id}/events`;
  const readers = await Promise.all(Array.from({ length: 20 }, () => client.events('GET', path)));
  for (const events of readers) expect(events).toEqual(readers[0]);
  expect(readers[0]?.map(({ id }) => id).slice(0, -1)).toEqual(readers[0]?.slice(1).map((_, index) => index + 1));
});

test('closing the engine ends streams without a done event', async () => {
  const client = await startClient();
  const run = await client.start(await client.assistant(), 'take 60 seconds');
  const stream = await client.engine.fetch(requestTo('GET', `/threads/${run.thread_id}/runs/${run.id}/events`));
  const text = vi.fn<(text: string) => void>();
  const reading = stream.text().then(text);
  await client.until(run, 'in_progress');
  await client.engine.close();
  await reading;
  expect(text).toHaveBeenCalledOnce();
  expect(text.mock.calls[0]?.[0]).not.toContain('event: done');
});
