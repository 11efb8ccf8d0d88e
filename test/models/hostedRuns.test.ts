import { expect, test } from 'vitest';
import type { RestRun } from '../../src/wire/run.ts';
import { callsOf, functionTool } from '../engine/client.ts';
import { completionRequests, startEngineOver } from './engineOver.ts';
import { events, streamed } from './rawServer.ts';

const added = (output_index: number, item: object) => ({ type: 'response.output_item.added', output_index, item });
const itemDone = (output_index: number, item: object) => ({ type: 'response.output_item.done', output_index, item });
const text = (output_index: number, delta: string) => ({ type: 'response.output_text.delta', output_index, delta });
const message = (index: number) => added(index, { type: 'message', role: 'assistant', content: [] });
const usage = {
  input_tokens: 50,
  output_tokens: 20,
  input_tokens_details: { cached_tokens: 30 },
};
const completed = {
  type: 'response.completed',
  response: { object: 'response', status: 'completed', output: [], usage },
};

const search = {
  type: 'file_search_call',
  id: 'fs_1',
  queries: ['moon'],
  results: [{ file_id: 'file-moon', filename: 'moon.txt', score: 0.9, text: 'The moon is grey.' }],
};
const code = {
  type: 'code_interpreter_call',
  id: 'ci_1',
  container_id: 'cntr_1',
  code: 'print(6 * 7)',
  outputs: [{ type: 'logs', logs: '42\n' }],
};
const citation = { type: 'file_citation', file_id: 'file-moon', filename: 'moon.txt', index: 8 };

const hosted = events(
  added(0, { ...search, queries: [], results: null }),
  itemDone(0, search),
  message(1),
  text(1, 'It is '),
  text(1, 'grey'),
  { type: 'response.output_text.annotation.added', output_index: 1, annotation: citation },
  text(1, '.'),
  itemDone(1, { type: 'message', content: [{ type: 'output_text', text: 'It is grey.', annotations: [citation] }] }),
  added(2, { ...code, code: '', outputs: null }),
  { type: 'response.code_interpreter_call_code.delta', output_index: 2, delta: 'print(' },
  { type: 'response.code_interpreter_call_code.delta', output_index: 2, delta: '6 * 7)' },
  itemDone(2, code),
  message(3),
  text(3, 'And 42.'),
  completed,
);

const tools = [
  { type: 'file_search', file_search: { max_num_results: 5, ranking_options: { score_threshold: 0.2 } } },
  { type: 'code_interpreter' },
];
const include = 'include[]=step_details.tool_calls[*].file_search.results[*].content';

const stepDelta = (call: object) => ({ delta: { step_details: { type: 'tool_calls', tool_calls: [call] } } });
const refusal = (delta: string) => ({ type: 'response.refusal.delta', output_index: 0, delta });

const startHosted = async () => {
  const over = await startEngineOver([streamed(hosted)], { api: 'responses' });
  const assistant = await over.client.assistant({
    tools,
    tool_resources: { file_search: { vector_store_ids: ['vs_old'] }, code_interpreter: { file_ids: ['file-a'] } },
  });
  const { id } = await over.client.post<{ id: string }>('/threads', {
    messages: [{ role: 'user', content: 'What colour is the moon?' }],
    tool_resources: { file_search: { vector_store_ids: ['vs_thread'] } },
  });
  return { ...over, assistant, path: `/threads/${id}/runs` };
};

test('the hosted tools of an assistant run at the endpoint, and their calls and results become steps', async () => {
  const { client, server, assistant, path } = await startHosted();
  const created = await client.post<RestRun>(path, { assistant_id: assistant.id });
  const run = await client.until(created, 'completed', 'failed');
  expect(run).toMatchObject({
    status: 'completed',
    usage: { prompt_tokens: 50, completion_tokens: 20, total_tokens: 70, prompt_token_details: { cached_tokens: 30 } },
  });
  expect(completionRequests(server)[0]).toMatchObject({
    store: false,
    tools: [
      {
        type: 'file_search',
        vector_store_ids: ['vs_thread', 'vs_old'],
        max_num_results: 5,
        ranking_options: { score_threshold: 0.2 },
      },
      { type: 'code_interpreter', container: { type: 'auto', file_ids: ['file-a'] } },
    ],
    include: ['file_search_call.results', 'code_interpreter_call.outputs'],
  });

  const found = { file_id: 'file-moon', file_name: 'moon.txt', score: 0.9 };
  const zero = { prompt_tokens: 0, completion_tokens: 0, total_tokens: 0 };
  const steps = (await client.steps(run)).data;
  expect(steps.map(({ status, step_details: details, usage: used }) => [status, used, details])).toEqual([
    [
      'completed',
      zero,
      {
        type: 'tool_calls',
        tool_calls: [{ id: expect.any(String), type: 'file_search', file_search: { results: [found] } }],
      },
    ],
    ['completed', zero, { type: 'message_creation', message_creation: expect.anything() }],
    [
      'completed',
      zero,
      {
        type: 'tool_calls',
        tool_calls: [
          {
            id: expect.any(String),
            type: 'code_interpreter',
            code_interpreter: { input: 'print(6 * 7)', outputs: [{ type: 'logs', logs: '42\n' }] },
          },
        ],
      },
    ],
    ['completed', run.usage, { type: 'message_creation', message_creation: expect.anything() }],
  ]);
  const content = [{ type: 'text', text: 'The moon is grey.' }];
  expect((await client.steps(run, `order=asc&${include}`)).data[0]?.step_details).toMatchObject({
    tool_calls: [{ file_search: { results: [{ ...found, content }] } }],
  });
  expect(await client.get(`${path}/${run.id}/steps/${steps[0]?.id}?${include}`)).toMatchObject({
    step_details: { tool_calls: [{ file_search: { results: [{ ...found, content }] } }] },
  });

  const [, first, second] = (await client.messages(run.thread_id)).data;
  const [part] = first?.content ?? [];
  if (part?.type !== 'text') throw new Error('the message has no text');
  const [annotation] = part.text.annotations;
  expect(annotation).toMatchObject({ type: 'file_citation', file_citation: { file_id: 'file-moon' } });
  expect(part.text.value.slice(annotation?.start_index, annotation?.end_index)).toBe(annotation?.text);
  expect(second).toMatchObject({ status: 'completed', content: [{ text: { value: 'And 42.', annotations: [] } }] });
});

test('events report hosted calls as deltas, with the texts found only if the client asks for them', async () => {
  const { client, assistant, path } = await startHosted();
  const body = { assistant_id: assistant.id, stream: true };
  const sent = await client.events('POST', path, body);
  const stepDeltas = sent.filter(({ event }) => event === 'thread.run.step.delta').map(({ data }) => data);
  expect(stepDeltas).toMatchObject([
    stepDelta({ index: 0, type: 'file_search', file_search: {} }),
    stepDelta({ index: 0, type: 'file_search', file_search: { results: [{ file_id: 'file-moon' }] } }),
    stepDelta({ index: 0, type: 'code_interpreter', code_interpreter: { input: '', outputs: [] } }),
    stepDelta({ index: 0, type: 'code_interpreter', code_interpreter: { input: 'print(' } }),
    stepDelta({ index: 0, type: 'code_interpreter', code_interpreter: { input: '6 * 7)' } }),
    stepDelta({
      index: 0,
      type: 'code_interpreter',
      code_interpreter: { outputs: [{ index: 0, type: 'logs', logs: '42\n' }] },
    }),
  ]);
  expect(JSON.stringify(sent)).not.toContain('The moon is grey.');
  expect(JSON.stringify(await client.events('POST', `${path}?${include}`, body))).toContain('The moon is grey.');
  const annotations = sent.filter(({ data }) => JSON.stringify(data).includes('"annotations":[{"index":0'));
  expect(annotations.map(({ event }) => event)).toEqual(['thread.message.delta']);
});

test('a refusal becomes a part of the message, with deltas', async () => {
  const { client } = await startEngineOver(
    [streamed(events(message(0), refusal('I '), refusal("can't."), completed))],
    { api: 'responses' },
  );
  const { id } = await client.assistant();
  const thread = await client.thread('Do it');
  const sent = await client.events('POST', `/threads/${thread.id}/runs`, { assistant_id: id, stream: true });
  expect(sent.filter(({ event }) => event === 'thread.message.delta').map(({ data }) => data)).toMatchObject([
    { delta: { content: [{ index: 0, type: 'refusal', refusal: 'I ' }] } },
    { delta: { content: [{ index: 0, type: 'refusal', refusal: "can't." }] } },
  ]);
  expect((await client.messages(thread.id)).data.at(-1)).toMatchObject({
    status: 'completed',
    content: [{ type: 'refusal', refusal: "I can't." }],
  });
});

test('a completion with hosted calls and function calls waits for outputs of the functions only', async () => {
  const call = { type: 'function_call', call_id: 'c1', name: 'look', arguments: '{}' };
  const first = events(added(0, search), itemDone(0, search), added(1, call), itemDone(1, call), completed);
  const last = events(message(0), text(0, 'Done.'), completed);
  const { client, server } = await startEngineOver([streamed(first), streamed(last)], { api: 'responses' });
  const assistant = await client.assistant({
    tools: [...tools, functionTool('look')],
    tool_resources: { file_search: { vector_store_ids: ['vs_old'] } },
  });
  const created = await client.start(assistant, 'Look');
  const waiting = await client.until(created, 'requires_action', 'failed');
  expect(callsOf(waiting).map((each) => each.function.name)).toEqual(['look']);
  expect((await client.steps(created)).data.map(({ status }) => status)).toEqual(['completed', 'in_progress']);
  await client.submit(waiting, 'seen');
  await client.until(created, 'completed');
  expect(completionRequests(server).at(-1)?.['input']).toMatchObject([
    { role: 'user' },
    { type: 'function_call', name: 'look' },
    { type: 'function_call_output', output: 'seen' },
  ]);
});

test('a choice of a hosted tool applies only if the tool can be used', async () => {
  const { client, server } = await startEngineOver([streamed(events(message(0), text(0, 'ok'), completed))], {
    api: 'responses',
  });
  const choice = { tool_choice: { type: 'file_search' } };
  const stores = { tool_resources: { file_search: { vector_store_ids: ['vs_old'] } } };
  for (const body of [{ tools }, { tools, ...stores }]) {
    await client.until(await client.start(await client.assistant(body), 'Hi', choice), 'completed');
  }
  const [without, withStore] = completionRequests(server);
  expect(without).toMatchObject({ tools: [{ type: 'code_interpreter' }] });
  expect(without).not.toHaveProperty('tool_choice');
  expect(withStore).toMatchObject({ tool_choice: { type: 'file_search' } });
});

test('a model without hosted tools does not get them', async () => {
  const { client, server } = await startEngineOver([
    streamed(events({ choices: [{ index: 0, delta: { content: 'ok' }, finish_reason: 'stop' }] })),
  ]);
  await client.until(await client.start(await client.assistant({ tools }), 'Hi'), 'completed');
  expect(completionRequests(server)[0]).not.toHaveProperty('tools');
});
