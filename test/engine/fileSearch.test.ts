import { expect, test } from 'vitest';
import { startFilesSdk, textFile } from './filesWorld.ts';

const question = 'Which bird does the keeper feed?';
const fact = 'The lighthouse keeper fed a heron every morning.';
const content = 'step_details.tool_calls[*].file_search.results[*].content' as const;

const startWithNotes = async () => {
  const { sdk } = await startFilesSdk();
  const store = await sdk.vectorStores.create({ name: 'notes' });
  const file = await sdk.vectorStores.files.uploadAndPoll(store.id, textFile(fact, 'my notes.txt'));
  const assistant = await sdk.beta.assistants.create({
    model: 'm',
    tools: [{ type: 'file_search' }],
    tool_resources: { file_search: { vector_store_ids: [store.id] } },
  });
  return { sdk, store, file, assistant };
};

/** A completed step with one search. */
const stepWith = (results: object[]) => ({
  type: 'tool_calls',
  status: 'completed',
  step_details: {
    tool_calls: [
      {
        id: expect.stringMatching(/^call_/u),
        type: 'file_search',
        file_search: { ranking_options: { ranker: 'auto', score_threshold: 0 }, results },
      },
    ],
  },
});

test('a run searches the files by itself and cites what it found', async () => {
  const { sdk, file, assistant } = await startWithNotes();
  const run = await sdk.beta.threads.createAndRunPoll({
    assistant_id: assistant.id,
    thread: { messages: [{ role: 'user', content: question }] },
  });
  expect(run.status).toBe('completed');
  const { data: messages } = await sdk.beta.threads.messages.list(run.thread_id);
  const [part] = messages[0]?.content ?? [];
  const marker = '【1:0†my notes.txt】';
  const value = `[offline model] The files say: "${fact}" ${marker}`;
  expect(part).toEqual({
    type: 'text',
    text: {
      value,
      annotations: [
        {
          type: 'file_citation',
          text: marker,
          start_index: value.indexOf(marker),
          end_index: value.length,
          file_citation: { file_id: file.id },
        },
      ],
    },
  });

  const { thread_id } = run;
  const result = { file_id: file.id, file_name: 'my notes.txt', score: expect.any(Number) };
  const steps = await sdk.beta.threads.runs.steps.list(run.id, { thread_id, order: 'asc' });
  expect(steps.data[0]).toMatchObject(stepWith([result]));
  expect(JSON.stringify(steps.data)).not.toContain(fact);
  const whole = await sdk.beta.threads.runs.steps.list(run.id, { thread_id, order: 'asc', include: [content] });
  expect(whole.data[0]).toMatchObject(stepWith([{ ...result, content: [{ type: 'text', text: fact }] }]));
});

test('a streamed run sends its citations as deltas that amount to the stored message', async () => {
  const { sdk, assistant } = await startWithNotes();
  const { id: thread_id } = await sdk.beta.threads.create({ messages: [{ role: 'user', content: question }] });
  const stream = sdk.beta.threads.runs.stream(thread_id, { assistant_id: assistant.id });
  let streamed = '';
  stream.on('event', (event) => {
    streamed += JSON.stringify(event);
  });
  // The SDK's own sum of the deltas, in which it leaves their indices.
  const [sum] = await stream.finalMessages();
  await stream.done();
  const stored = (await sdk.beta.threads.messages.list(thread_id)).data[0];
  expect(sum?.content).toMatchObject(stored?.content ?? []);
  const [part] = stored?.content ?? [];
  expect(part?.type === 'text' && part.text.annotations).toHaveLength(1);
  expect(streamed).toContain('"file_search"');
  expect(streamed).not.toContain('requires_action');
  expect(streamed).not.toContain('"content":[{"type":"text","text":"The lighthouse');
});
