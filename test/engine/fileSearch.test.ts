import type OpenAI from 'openai';
import { expect, test } from 'vitest';
import type { ChatDelta } from '../../src/engine/models/delta.ts';
import { scriptedModel } from './client.ts';
import { startFilesSdk, textFile } from './filesWorld.ts';
import { startWithFiles } from './vectorStoresWorld.ts';

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

/** A model that searches with these arguments in its first turn, and then writes what `write` makes of the output. */
const searchingModel = (written: string, write: (output: string) => string[]) => {
  let turns = 0;
  return scriptedModel(async function* (request): AsyncGenerator<ChatDelta> {
    turns += 1;
    if (turns === 1) {
      yield { type: 'tool_call', index: 0, name: 'file_search' };
      yield { type: 'arguments', index: 0, arguments: written };
      return;
    }
    const last = request.messages.at(-1);
    for (const text of write(last?.role === 'tool' ? last.content : '')) yield { type: 'text', text };
  });
};

/** A run of a model with a store that has one file for each text. Resolves once it has ended. */
const runOver = async (
  { model }: ReturnType<typeof searchingModel>,
  texts: string[],
  tool: OpenAI.Beta.FileSearchTool['file_search'] = {},
) => {
  const { sdk, storeId } = await startWithFiles(
    Object.fromEntries(texts.map((text, index) => [`${index}.txt`, text])),
    { model },
  );
  const assistant = await sdk.beta.assistants.create({
    model: 'm',
    tools: [{ type: 'file_search', file_search: tool }],
    tool_resources: { file_search: { vector_store_ids: [storeId] } },
  });
  const run = await sdk.beta.threads.createAndRunPoll({
    assistant_id: assistant.id,
    thread: { messages: [{ role: 'user', content: 'x' }] },
  });
  expect(run.status).toBe('completed');
  const [part] = (await sdk.beta.threads.messages.list(run.thread_id)).data[0]?.content ?? [];
  const steps = await sdk.beta.threads.runs.steps.list(run.id, {
    thread_id: run.thread_id,
    order: 'asc',
    include: [content],
  });
  const details = steps.data[0]?.step_details;
  const [call] = details?.type === 'tool_calls' ? details.tool_calls : [];
  return {
    text: part?.type === 'text' ? part.text : undefined,
    results: call?.type === 'file_search' ? call.file_search.results : undefined,
  };
};

const searchFor = (query: string) => JSON.stringify({ queries: [query] });

test('citations are found wherever the pieces of a stream divide them, and invented ones are left as text', async () => {
  const pieces = [
    'Ä 🐦 wad',
    'es 【1:',
    '0†0.t',
    'xt】, twice',
    '【1:0†0.txt】 or 【7:3†0.txt】【1:0†other.txt】【1:0',
  ];
  const { text } = await runOver(
    searchingModel(searchFor('heron'), () => pieces),
    ['A heron wades.'],
  );
  expect(text?.value).toBe(pieces.join(''));
  const places = text?.annotations.map(({ start_index: start, end_index: end }) => text.value.slice(start, end));
  expect(places).toEqual(['【1:0†0.txt】', '【1:0†0.txt】']);
  expect(text?.annotations.map((each) => each.start_index)).toEqual([
    pieces.join('').indexOf('【'),
    pieces.join('').indexOf('【1:0†0.txt】 or'),
  ]);
});

const searchHeronAndOtter = () => searchingModel(searchFor('heron otter'), () => ['ok']);

test('the number and the score of the results are those that the tool asks for', async () => {
  const texts = ['a heron and an otter', 'a heron alone', 'one heron more', 'a badger'];
  expect((await runOver(searchHeronAndOtter(), texts)).results).toHaveLength(3);
  expect((await runOver(searchHeronAndOtter(), texts, { max_num_results: 2 })).results).toHaveLength(2);
  const strict = { ranking_options: { score_threshold: 0.6 } };
  expect((await runOver(searchHeronAndOtter(), texts, strict)).results).toMatchObject([{ file_name: '0.txt' }]);
});

test('the model gets each result under its marker, and no more than fits its context', async () => {
  const texts = Array.from({ length: 20 }, (_, index) => `heron ${index} ${'and more '.repeat(300)}`);
  let output = '';
  const model = searchingModel(searchFor('heron'), (written) => {
    output = written;
    return ['ok'];
  });
  const { results } = await runOver(model, texts);
  // The scripted model has a context of 10,000 tokens.
  expect(results?.length).toBeLessThan(5);
  const markers = output.match(/^【1:\d†\d+\.txt】$/gmu);
  expect(markers).toEqual(results?.map(({ file_name: name }, index) => `【1:${index}†${name}】`));
});

test.each([
  ['{"query": "heron"}', 1],
  ['["heron", "otter"]', 1],
  ['heron', 1],
  ['{"queries": "heron"}', 1],
  ['{"queries": [1, null]}', 0],
  ['{"queries": ["he', 0],
  ['', 0],
])('the arguments %s of a model find %d files', async (written, count) => {
  const { results } = await runOver(
    searchingModel(written, () => ['ok']),
    ['A heron wades.'],
  );
  expect(results).toHaveLength(count);
});

test('a run whose thread and assistant have no vector store is not offered the tool', async () => {
  const script = scriptedModel(async function* () {
    yield { type: 'text', text: 'ok' };
  });
  const { sdk } = await startFilesSdk({ model: script.model });
  const assistant = await sdk.beta.assistants.create({
    model: 'm',
    tools: [{ type: 'file_search' }],
    tool_resources: { file_search: { vector_store_ids: ['vs_none'] } },
  });
  await sdk.beta.threads.createAndRunPoll({
    assistant_id: assistant.id,
    thread: { messages: [{ role: 'user', content: 'x' }] },
  });
  expect(script.requests.map(({ tools }) => tools)).toEqual([[]]);
});
