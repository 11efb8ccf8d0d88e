import { expect, test } from 'vitest';
import type { RestPage } from '../../src/wire/page.ts';
import type { RestRun } from '../../src/wire/run.ts';
import type { RestRunStep } from '../../src/wire/runStep.ts';
import { callsOf, functionTool, requestTo, scriptedModel, startClient, textOf } from './client.ts';

test('a new run is queued and has the settings of its assistant', async () => {
  const client = await startClient();
  const assistant = await client.assistant({ instructions: 'Be brief.', temperature: 0.5, tools: [functionTool('f')] });
  const thread = await client.thread('hello');
  const run = await client.post<RestRun>(`/threads/${thread.id}/runs`, { assistant_id: assistant.id });
  expect(run).toEqual({
    id: expect.stringMatching(/^run_[A-Za-z0-9]{24}$/u),
    object: 'thread.run',
    created_at: expect.any(Number),
    thread_id: thread.id,
    assistant_id: assistant.id,
    status: 'queued',
    required_action: null,
    last_error: null,
    expires_at: run.created_at + 600,
    started_at: null,
    cancelled_at: null,
    failed_at: null,
    completed_at: null,
    incomplete_details: null,
    model: 'test',
    instructions: 'Be brief.',
    tools: [functionTool('f')],
    metadata: {},
    usage: null,
    temperature: 0.5,
    top_p: 1,
    max_prompt_tokens: null,
    max_completion_tokens: null,
    truncation_strategy: { type: 'auto', last_messages: null },
    tool_choice: 'auto',
    parallel_tool_calls: true,
    response_format: 'auto',
  });
});

test('settings of a run override those of its assistant', async () => {
  const client = await startClient();
  const assistant = await client.assistant({ instructions: 'Be brief.', tools: [functionTool('f')] });
  const body = {
    model: 'other',
    tools: [],
    metadata: { a: '1' },
    temperature: 0,
    top_p: 0,
    max_prompt_tokens: 1000,
    max_completion_tokens: 1000,
    truncation_strategy: { type: 'last_messages', last_messages: 2 },
    tool_choice: 'none',
    parallel_tool_calls: false,
    response_format: { type: 'json_object' },
  };
  const run = await client.start(assistant, 'hello', { ...body, instructions: 'Sing.' });
  expect(run).toMatchObject({ ...body, instructions: 'Sing.' });
});

test('a completed run has a message, a step and its usage', async () => {
  const client = await startClient();
  const assistant = await client.assistant();
  const run = await client.until(await client.start(assistant, 'hello'), 'completed');
  expect(run).toMatchObject({
    expires_at: null,
    required_action: null,
    last_error: null,
    started_at: expect.any(Number),
    completed_at: expect.any(Number),
    usage: {
      prompt_tokens: expect.any(Number),
      completion_tokens: expect.any(Number),
      total_tokens: expect.any(Number),
    },
  });

  const { data: messages } = await client.messages(run.thread_id);
  expect(messages.map(({ role }) => role)).toEqual(['user', 'assistant']);
  expect(messages[1]).toMatchObject({
    run_id: run.id,
    assistant_id: assistant.id,
    status: 'completed',
    completed_at: expect.any(Number),
    incomplete_details: null,
  });
  expect(textOf(messages[1])).toBe('[offline model] You wrote: "hello"');

  const { data: steps } = await client.steps(run);
  expect(steps).toEqual([
    {
      id: expect.stringMatching(/^step_[A-Za-z0-9]{24}$/u),
      object: 'thread.run.step',
      created_at: expect.any(Number),
      run_id: run.id,
      assistant_id: assistant.id,
      thread_id: run.thread_id,
      type: 'message_creation',
      status: 'completed',
      step_details: { type: 'message_creation', message_creation: { message_id: messages[1]?.id } },
      last_error: null,
      expired_at: null,
      cancelled_at: null,
      failed_at: null,
      completed_at: expect.any(Number),
      metadata: {},
      usage: run.usage,
    },
  ]);
  expect(await client.get(`/threads/${run.thread_id}/runs/${run.id}/steps/${steps[0]?.id}`)).toEqual(steps[0]);
  expect(await client.errorOf('GET', `/threads/${run.thread_id}/runs/${run.id}/steps/step_none`)).toMatchObject({
    status: 404,
    message: "No run step found with id 'step_none'.",
  });
});

test('messages can be filtered by the run that created them', async () => {
  const client = await startClient();
  const assistant = await client.assistant();
  const one = await client.until(await client.start(assistant, 'hello'), 'completed');
  const two = await client.post<RestRun>(`/threads/${one.thread_id}/runs`, { assistant_id: assistant.id });
  await client.until(two, 'completed');
  const { data } = await client.messages(one.thread_id, `run_id=${two.id}`);
  expect(data.map(({ run_id }) => run_id)).toEqual([two.id]);
  expect((await client.messages(one.thread_id, 'run_id=run_none')).data).toEqual([]);
});

test('runs are listed newest first', async () => {
  const client = await startClient();
  const assistant = await client.assistant();
  const one = await client.until(await client.start(assistant, 'hello'), 'completed');
  const two = await client.post<RestRun>(`/threads/${one.thread_id}/runs`, { assistant_id: assistant.id });
  const { data } = await client.get<RestPage<RestRun>>(`/threads/${one.thread_id}/runs`);
  expect(data.map(({ id }) => id)).toEqual([two.id, one.id]);
});

test('an active run locks its thread for messages and for runs, and for nothing else', async () => {
  const client = await startClient();
  const assistant = await client.assistant();
  const run = await client.start(assistant, 'take 60 seconds');
  const path = `/threads/${run.thread_id}`;
  await client.until(run, 'in_progress');
  expect(await client.errorOf('POST', `${path}/messages`, { role: 'user', content: 'more' })).toEqual({
    status: 400,
    type: 'invalid_request_error',
    code: null,
    param: null,
    message: `Can't add messages to ${run.thread_id} while a run ${run.id} is active.`,
  });
  expect(await client.errorOf('POST', `${path}/runs`, { assistant_id: assistant.id })).toEqual({
    status: 400,
    type: 'invalid_request_error',
    code: null,
    param: null,
    message: `Thread ${run.thread_id} already has an active run ${run.id}.`,
  });
  await client.post(path, { metadata: { a: '1' } });
  await client.post(`${path}/runs/${run.id}`, { metadata: { a: '1' } });
  expect((await client.run(run)).metadata).toEqual({ a: '1' });
});

test('of two runs created at once on a thread, one is a 400', async () => {
  const client = await startClient();
  const { id } = await client.assistant();
  const thread = await client.thread('take 60 seconds');
  const statuses = await Promise.all(
    Array.from({ length: 5 }, async () => {
      const response = await client.engine.fetch(requestTo('POST', `/threads/${thread.id}/runs`, { assistant_id: id }));
      return response.status;
    }),
  );
  expect(statuses.toSorted((one, other) => one - other)).toEqual([200, 400, 400, 400, 400]);
});

test('additional messages are added before the run, and additional instructions after the others', async () => {
  const client = await startClient();
  const assistant = await client.assistant({ instructions: 'Be brief.' });
  const thread = await client.thread('one');
  const run = await client.post<RestRun>(`/threads/${thread.id}/runs`, {
    assistant_id: assistant.id,
    additional_instructions: 'Be kind.',
    additional_messages: [
      { role: 'user', content: 'two' },
      { role: 'user', content: 'three' },
    ],
  });
  expect(run.instructions).toBe('Be brief.\nBe kind.');
  await client.until(run, 'completed');
  expect((await client.messages(thread.id)).data.map(textOf)).toEqual([
    'one',
    'two',
    'three',
    '[offline model] You wrote: "three"',
  ]);
});

test('a run can be created on a thread without messages, and together with its thread', async () => {
  const client = await startClient();
  const { id } = await client.assistant();
  const run = await client.post<RestRun>('/threads/runs', {
    assistant_id: id,
    tool_resources: { code_interpreter: { file_ids: ['file-1'] } },
  });
  await client.until(run, 'completed');
  const [message] = (await client.messages(run.thread_id)).data;
  expect(textOf(message)).toBe('[offline model] There is no user message to answer.');
  expect(await client.get(`/threads/${run.thread_id}`)).toMatchObject({
    tool_resources: { code_interpreter: { file_ids: ['file-1'] } },
  });
});

test('cancelling a run stops the model', async () => {
  const client = await startClient();
  const run = await client.start(await client.assistant(), 'take 60 seconds over these many words');
  await client.until(run, 'in_progress');
  const path = `/threads/${run.thread_id}/runs/${run.id}/cancel`;
  const created = await client.post<RestRun>(path);
  expect(created.status).toBe('cancelling');
  const cancelled = await client.until(run, 'cancelled');
  expect(cancelled).toMatchObject({ expires_at: null, completed_at: null, cancelled_at: expect.any(Number) });
  expect(await client.errorOf('POST', path)).toMatchObject({
    status: 400,
    message: "Cannot cancel run with status 'cancelled'.",
  });
  await client.post(`/threads/${run.thread_id}/messages`, { role: 'user', content: 'The thread is free again.' });
});

test('the message of a cancelled run holds what was written so far', async () => {
  const script = scriptedModel(async function* ({ signal }) {
    yield { type: 'text', text: 'Once upon' };
    await new Promise((_, reject) => {
      signal.addEventListener('abort', () => reject(new Error('stopped')));
    });
  });
  const client = await startClient({ model: script.model });
  const run = await client.start(await client.assistant(), 'Tell me a story.');
  await expect.poll(async () => (await client.steps(run)).data.length).toBe(1);
  await client.post(`/threads/${run.thread_id}/runs/${run.id}/cancel`);
  await client.until(run, 'cancelled');
  const message = (await client.messages(run.thread_id)).data.at(-1);
  expect(message).toMatchObject({
    status: 'incomplete',
    incomplete_details: { reason: 'run_cancelled' },
    incomplete_at: expect.any(Number),
    completed_at: null,
  });
  expect(textOf(message)).toBe('Once upon');
  expect((await client.steps(run)).data).toMatchObject([{ status: 'cancelled', cancelled_at: expect.any(Number) }]);
});

test('a run that has completed cannot be cancelled', async () => {
  const client = await startClient();
  const run = await client.until(await client.start(await client.assistant(), 'hello'), 'completed');
  expect(await client.errorOf('POST', `/threads/${run.thread_id}/runs/${run.id}/cancel`)).toEqual({
    status: 400,
    type: 'invalid_request_error',
    code: null,
    param: null,
    message: "Cannot cancel run with status 'completed'.",
  });
});

test.each([
  ['please fail', 'server_error', 0],
  ['please fail with rate_limit_exceeded', 'rate_limit_exceeded', 0],
  ['please fail halfway', 'server_error', 1],
])('a run fails if its model fails: %s', async (text, code, steps) => {
  const client = await startClient();
  const run = await client.until(await client.start(await client.assistant(), text), 'failed');
  expect(run).toMatchObject({
    failed_at: expect.any(Number),
    completed_at: null,
    expires_at: null,
    last_error: { code, message: 'The offline model failed, as the last message asked it to.' },
  });
  const { data } = await client.steps(run);
  expect(data).toHaveLength(steps);
  for (const step of data) expect(step).toMatchObject({ status: 'failed', last_error: { code } });
  const completions = (await client.messages(run.thread_id, `run_id=${run.id}`)).data;
  expect(completions.map(({ incomplete_details }) => incomplete_details)).toEqual(
    Array.from({ length: steps }, () => ({ reason: 'run_failed' })),
  );
});

test('an unexpected error is logged and not shown to clients', async () => {
  const script = scriptedModel(async function* () {
    yield { type: 'text', text: 'A' };
    throw new TypeError('secret detail');
  });
  const lines: string[] = [];
  const client = await startClient({ model: script.model, log: (line) => lines.push(line) });
  const run = await client.until(await client.start(await client.assistant(), 'hello'), 'failed');
  expect(run.last_error).toEqual({ code: 'server_error', message: 'Sorry, something went wrong.' });
  expect(lines.join()).toContain('secret detail');
});

test('an empty completion is an empty message', async () => {
  const script = scriptedModel(async function* () {
    yield { type: 'finish', reason: 'stop' };
  });
  const client = await startClient({ model: script.model });
  const run = await client.until(await client.start(await client.assistant(), 'hello'), 'completed');
  expect((await client.messages(run.thread_id)).data.at(-1)).toMatchObject({ status: 'completed', content: [] });
});

test('a message stopped by a content filter is incomplete for that reason', async () => {
  const script = scriptedModel(async function* () {
    yield { type: 'text', text: 'I' };
    yield { type: 'finish', reason: 'content_filter' };
  });
  const client = await startClient({ model: script.model });
  const run = await client.until(await client.start(await client.assistant(), 'hello'), 'completed');
  expect((await client.messages(run.thread_id)).data.at(-1)).toMatchObject({
    status: 'incomplete',
    incomplete_details: { reason: 'content_filter' },
  });
});

test('metadata set while a message is in progress is kept', async () => {
  let goOn: (() => void) | undefined;
  const pause = new Promise<void>((resolve) => {
    goOn = resolve;
  });
  const script = scriptedModel(async function* () {
    yield { type: 'text', text: 'Once' };
    await pause;
    yield { type: 'text', text: ' more' };
  });
  const client = await startClient({ model: script.model });
  const run = await client.start(await client.assistant(), 'hello');
  const written = async () => (await client.messages(run.thread_id, `run_id=${run.id}`)).data[0];
  await expect.poll(async () => textOf(await written())).toBe('Once');
  await client.post(`/threads/${run.thread_id}/messages/${(await written())?.id}`, { metadata: { seen: 'yes' } });
  goOn?.();
  await client.until(run, 'completed');
  expect(await written()).toMatchObject({ metadata: { seen: 'yes' }, status: 'completed' });
  expect(textOf(await written())).toBe('Once more');
});

test('many runs at once all complete', async () => {
  const client = await startClient();
  const assistant = await client.assistant();
  const texts = Array.from({ length: 80 }, (_, index) => `take 0.1 seconds for ${index}`);
  const runs = await Promise.all(texts.map((text) => client.start(assistant, text)));
  for (const [index, run] of runs.entries()) {
    await client.until(run, 'completed');
    const completion = (await client.messages(run.thread_id)).data.at(-1);
    expect(textOf(completion)).toContain(texts[index]);
  }
});

test('responses with an active run suggest a polling interval', async () => {
  const client = await startClient();
  const run = await client.start(await client.assistant({ tools: [functionTool('f')] }), 'f, and take 0.2 seconds');
  const hint = async () => {
    const response = await client.engine.fetch(requestTo('GET', `/threads/${run.thread_id}/runs/${run.id}`));
    return response.headers.get('openai-poll-after-ms');
  };
  expect(await hint()).toBe('250');
  const waiting = await client.until(run, 'requires_action');
  expect(callsOf(waiting)).toHaveLength(1);
  expect(await hint()).toBeNull();
});

test('steps are listed page by page', async () => {
  const client = await startClient();
  const assistant = await client.assistant({ tools: [functionTool('f')] });
  const run = await client.until(await client.start(assistant, 'f'), 'requires_action');
  await client.submit(run, 'x');
  await client.until(run, 'completed');
  const path = `/threads/${run.thread_id}/runs/${run.id}/steps`;
  const newest = await client.get<RestPage<RestRunStep>>(`${path}?limit=1`);
  expect(newest).toMatchObject({ has_more: true, data: [{ type: 'message_creation' }] });
  const next = await client.get<RestPage<RestRunStep>>(`${path}?limit=1&after=${newest.last_id}`);
  expect(next).toMatchObject({ has_more: false, data: [{ type: 'tool_calls' }] });
});
