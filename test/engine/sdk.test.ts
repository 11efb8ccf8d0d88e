import OpenAI, { BadRequestError, NotFoundError } from 'openai';
import { expect, test } from 'vitest';
import { startOverHttp } from './overHttp.ts';

// The official SDK shows that the engine implements the API: over real HTTP, with nothing else of the project in between.

const startSdk = async () => {
  const { url } = await startOverHttp();
  return new OpenAI({ apiKey: 'any', baseURL: `${url}/v1`, maxRetries: 0 }).beta;
};

const tools = ['get_weather', 'get_time'].map((name) => ({ type: 'function' as const, function: { name } }));
const user = (content: string) => ({ role: 'user' as const, content });
const errorFrom = (call: Promise<unknown>) =>
  call.then(
    () => undefined,
    (error: unknown) => error,
  );

test('assistants are created, read, listed, modified and deleted', async () => {
  const { assistants } = await startSdk();
  const created = await assistants.create({ model: 'm', name: 'One', metadata: { a: '1' } });
  expect(await assistants.retrieve(created.id)).toEqual(created);
  expect((await assistants.list()).data).toEqual([created]);
  expect(await assistants.update(created.id, { name: 'Two' })).toEqual({ ...created, name: 'Two' });
  expect(await assistants.delete(created.id)).toEqual({ id: created.id, object: 'assistant.deleted', deleted: true });
});

test('threads are created, read, modified and deleted', async () => {
  const { threads } = await startSdk();
  const created = await threads.create({ messages: [user('hello')] });
  expect(await threads.retrieve(created.id)).toEqual(created);
  expect(await threads.update(created.id, { metadata: { a: '1' } })).toEqual({ ...created, metadata: { a: '1' } });
  expect(await threads.delete(created.id)).toEqual({ id: created.id, object: 'thread.deleted', deleted: true });
});

test('messages are created, read, listed, modified and deleted', async () => {
  const { threads } = await startSdk();
  const { id: thread_id } = await threads.create();
  const created = await threads.messages.create(thread_id, user('hello'));
  expect(await threads.messages.retrieve(created.id, { thread_id })).toEqual(created);
  expect((await threads.messages.list(thread_id)).data).toEqual([created]);
  expect(await threads.messages.update(created.id, { thread_id, metadata: { a: '1' } })).toEqual({
    ...created,
    metadata: { a: '1' },
  });
  expect(await threads.messages.delete(created.id, { thread_id })).toMatchObject({ deleted: true });
});

test('a run is created and polled, listed, read and modified, and its steps read', async () => {
  const { assistants, threads } = await startSdk();
  const { id: assistant_id } = await assistants.create({ model: 'm' });
  const { id: thread_id } = await threads.create({ messages: [user('hello')] });
  const run = await threads.runs.createAndPoll(thread_id, { assistant_id });
  expect(run.status).toBe('completed');
  expect(await threads.runs.retrieve(run.id, { thread_id })).toEqual(run);
  expect((await threads.runs.list(thread_id)).data).toEqual([run]);
  expect(await threads.runs.update(run.id, { thread_id, metadata: { a: '1' } })).toEqual({
    ...run,
    metadata: { a: '1' },
  });
  const { data: steps } = await threads.runs.steps.list(run.id, {
    thread_id,
    include: ['step_details.tool_calls[*].file_search.results[*].content'],
  });
  expect(steps).toHaveLength(1);
  const step = await threads.runs.steps.retrieve(steps[0]?.id ?? '', { thread_id, run_id: run.id });
  expect(step).toEqual(steps[0]);
  const { data: completions } = await threads.messages.list(thread_id, { run_id: run.id });
  expect(completions[0]?.content).toMatchObject([
    { type: 'text', text: { value: '[offline model] You wrote: "hello"' } },
  ]);
});

test('tool outputs of a run are submitted and the run is polled', async () => {
  const { assistants, threads } = await startSdk();
  const { id: assistant_id } = await assistants.create({ model: 'm', tools });
  const run = await threads.createAndRunPoll({
    assistant_id,
    thread: { messages: [user('get_weather and get_time')] },
  });
  expect(run.status).toBe('requires_action');
  const calls = run.required_action?.submit_tool_outputs.tool_calls ?? [];
  expect(calls.map((call) => call.function.name)).toEqual(['get_weather', 'get_time']);
  const done = await threads.runs.submitToolOutputsAndPoll(run.id, {
    thread_id: run.thread_id,
    tool_outputs: calls.map(({ id }) => ({ tool_call_id: id, output: 'fine' })),
  });
  expect(done.status).toBe('completed');
});

test('tool outputs are submitted, and a run in requires_action is cancelled', async () => {
  const { assistants, threads } = await startSdk();
  const { id: assistant_id } = await assistants.create({ model: 'm', tools });
  const run = await threads.createAndRunPoll({ assistant_id, thread: { messages: [user('get_time then get_time')] } });
  const { thread_id } = run;
  const tool_outputs = (run.required_action?.submit_tool_outputs.tool_calls ?? []).map(({ id }) => ({
    tool_call_id: id,
    output: 'noon',
  }));
  const resumed = await threads.runs.submitToolOutputs(run.id, { thread_id, tool_outputs });
  expect(resumed).toMatchObject({ id: run.id, status: 'queued', required_action: null });
  expect((await threads.runs.poll(run.id, { thread_id })).status).toBe('requires_action');
  await threads.runs.cancel(run.id, { thread_id });
  expect((await threads.runs.poll(run.id, { thread_id })).status).toBe('cancelled');
});

test('lists are iterated page by page', async () => {
  const { threads } = await startSdk();
  const texts = Array.from({ length: 45 }, (_, index) => String(index));
  const { id } = await threads.create({ messages: texts.map(user) });
  const seen: string[] = [];
  for await (const { content } of threads.messages.list(id, { limit: 10, order: 'asc' })) {
    seen.push(content[0]?.type === 'text' ? content[0].text.value : '');
  }
  expect(seen).toEqual(texts);
});

test('a client that deletes while it pages through a list deletes all of it', async () => {
  const { assistants, threads } = await startSdk();
  const names = ['1', '2', '3', '4', '5'];
  for (const name of names) await assistants.create({ model: 'm', name });
  const { id: thread_id } = await threads.create({ messages: names.map(user) });
  let deleted = 0;
  for await (const { id } of assistants.list({ limit: 2 })) {
    await assistants.delete(id);
    deleted += 1;
  }
  for await (const { id } of threads.messages.list(thread_id, { limit: 2 })) {
    await threads.messages.delete(id, { thread_id });
    deleted += 1;
  }
  expect(deleted).toBe(10);
  expect((await assistants.list()).data).toEqual([]);
  expect((await threads.messages.list(thread_id)).data).toEqual([]);
});

test('errors are instances of the error classes of the SDK', async () => {
  const { assistants, threads } = await startSdk();
  expect(await errorFrom(assistants.retrieve('asst_none'))).toBeInstanceOf(NotFoundError);
  const bad = await errorFrom(assistants.create({ model: 'm', metadata: { k: 'v'.repeat(513) } }));
  expect(bad).toBeInstanceOf(BadRequestError);
  expect(bad).toMatchObject({
    status: 400,
    code: 'string_above_max_length',
    param: 'metadata.k',
    type: 'invalid_request_error',
    requestID: expect.stringMatching(/^req_/u),
  });
  const { id } = await assistants.create({ model: 'm' });
  const run = await threads.createAndRun({ assistant_id: id, thread: { messages: [user('take 60 seconds')] } });
  const locked = await errorFrom(threads.messages.create(run.thread_id, user('more')));
  expect(locked).toBeInstanceOf(BadRequestError);
  expect(String(locked)).toContain(`Can't add messages to ${run.thread_id} while a run ${run.id} is active.`);
  const cancelling = await threads.runs.cancel(run.id, { thread_id: run.thread_id });
  expect(['cancelling', 'cancelled']).toContain(cancelling.status);
  expect((await threads.runs.poll(run.id, { thread_id: run.thread_id })).status).toBe('cancelled');
});

/** What a stream of the SDK reports to its listeners, by their names. */
const recorded = (stream: ReturnType<OpenAI.Beta.Threads.Runs['stream']>) => {
  const record = {
    text: '',
    arguments: '',
    steps: [] as OpenAI.Beta.Threads.Runs.RunStep[],
    messages: [] as OpenAI.Beta.Threads.Message[],
    ended: false,
  };
  stream
    .on('textDelta', ({ value }) => {
      record.text += value ?? '';
    })
    .on('toolCallDelta', (delta) => {
      if (delta.type === 'function') record.arguments += delta.function?.arguments ?? '';
    })
    .on('runStepDone', (step) => {
      record.steps.push(step);
    })
    .on('messageDone', (message) => {
      record.messages.push(message);
    })
    .on('end', () => {
      record.ended = true;
    });
  return record;
};

test('the objects of a streamed run with a tool call equal those that REST returns', async () => {
  const { assistants, threads } = await startSdk();
  const { id: assistant_id } = await assistants.create({ model: 'm', tools });
  const { id: thread_id } = await threads.create({ messages: [user('get_weather {"city": "Paris"}')] });

  const firstStream = threads.runs.stream(thread_id, { assistant_id });
  const first = recorded(firstStream);
  const waiting = await firstStream.finalRun();
  await firstStream.done();
  expect(first).toMatchObject({ arguments: '{"city":"Paris"}', ended: true });
  expect(waiting.status).toBe('requires_action');
  expect(await threads.runs.retrieve(waiting.id, { thread_id })).toEqual(waiting);
  // The SDK leaves the `index` of the deltas in a step that is not done, so that its snapshot has that and all the rest.
  const { data: openSteps } = await threads.runs.steps.list(waiting.id, { thread_id });
  expect(await firstStream.finalRunSteps()).toMatchObject(openSteps);

  const calls = waiting.required_action?.submit_tool_outputs.tool_calls ?? [];
  const secondStream = threads.runs.submitToolOutputsStream(waiting.id, {
    thread_id,
    tool_outputs: calls.map(({ id }) => ({ tool_call_id: id, output: 'rain' })),
  });
  const second = recorded(secondStream);
  const run = await secondStream.finalRun();
  const [snapshot] = await secondStream.finalMessages();
  await secondStream.done();
  expect(second).toMatchObject({ text: '[offline model] get_weather returned: rain', ended: true });
  expect(snapshot?.content).toMatchObject([{ type: 'text', text: { value: second.text, annotations: [] } }]);
  expect(second.steps.map(({ type }) => type)).toEqual(['tool_calls', 'message_creation']);
  expect(await threads.runs.retrieve(run.id, { thread_id })).toEqual(run);
  expect((await threads.messages.list(thread_id, { run_id: run.id })).data).toEqual(second.messages);
  const { data: steps } = await threads.runs.steps.list(run.id, { thread_id, order: 'asc' });
  expect(second.steps).toEqual(steps);
});

test('a thread and its run are created and streamed in one call', async () => {
  const { assistants, threads } = await startSdk();
  const { id: assistant_id } = await assistants.create({ model: 'm' });
  const stream = threads.createAndRunStream({ assistant_id, thread: { messages: [user('hello')] } });
  const names: string[] = [];
  for await (const { event } of stream) names.push(event);
  expect(names[0]).toBe('thread.created');
  expect(names.at(-1)).toBe('thread.run.completed');
});

test('an error before the stream begins is an ordinary error', async () => {
  const { threads } = await startSdk();
  const { id } = await threads.create();
  const error = await errorFrom(threads.runs.create(id, { assistant_id: 'asst_none', stream: true }));
  expect(error).toBeInstanceOf(NotFoundError);
});
