import type OpenAI from 'openai';
import { NotFoundError } from 'openai';
import { expect, test } from 'vitest';
import { startFilesSdk, textFile } from './filesWorld.ts';

const startWithFile = async (text = 'The heron eats a fish.') => {
  const { sdk } = await startFilesSdk();
  const file = await sdk.files.create({ file: textFile(text), purpose: 'assistants' });
  const assistant = await sdk.beta.assistants.create({ model: 'm', tools: [{ type: 'file_search' }] });
  return { sdk, file, assistant };
};

const asking = (fileId: string): OpenAI.Beta.Threads.MessageCreateParams => ({
  role: 'user',
  content: 'What does the heron eat?',
  attachments: [{ file_id: fileId, tools: [{ type: 'file_search' }] }],
});

const storeOf = (thread: OpenAI.Beta.Threads.Thread) => thread.tool_resources?.file_search?.vector_store_ids ?? [];

/** The file ids that the last message of a thread cites. */
const citedIn = async (sdk: OpenAI, threadId: string): Promise<string[]> => {
  const [part] = (await sdk.beta.threads.messages.list(threadId)).data[0]?.content ?? [];
  if (part?.type !== 'text') return [];
  return part.text.annotations.flatMap((each) => (each.type === 'file_citation' ? [each.file_citation.file_id] : []));
};

test('a file that is attached to a message is searched by the run, which waits until it is indexed', async () => {
  const { sdk, file, assistant } = await startWithFile();
  const run = await sdk.beta.threads.createAndRunPoll({
    assistant_id: assistant.id,
    thread: { messages: [asking(file.id)] },
  });
  expect(run.status).toBe('completed');
  expect(await citedIn(sdk, run.thread_id)).toEqual([file.id]);
  const [storeId = ''] = storeOf(await sdk.beta.threads.retrieve(run.thread_id));
  expect(await sdk.vectorStores.retrieve(storeId)).toMatchObject({
    expires_after: { anchor: 'last_active_at', days: 7 },
    file_counts: { completed: 1, total: 1 },
  });
});

test('files of later messages are added to the store that the thread has', async () => {
  const { sdk, file, assistant } = await startWithFile();
  const thread = await sdk.beta.threads.create({ messages: [asking(file.id)] });
  const otter = await sdk.files.create({
    file: textFile('The otter eats a crab.', 'otter.txt'),
    purpose: 'assistants',
  });
  await sdk.beta.threads.messages.create(thread.id, { ...asking(otter.id), content: 'And what does the otter eat?' });
  await sdk.beta.threads.runs.createAndPoll(thread.id, { assistant_id: assistant.id });
  expect(await citedIn(sdk, thread.id)).toEqual([otter.id]);
  expect(storeOf(await sdk.beta.threads.retrieve(thread.id))).toEqual(storeOf(thread));
  const files = await sdk.vectorStores.files.list(storeOf(thread)[0] ?? '');
  expect(files.data.map(({ id }) => id)).toEqual([otter.id, file.id]);
});

test('a vector store in the tool resources of a new thread is created and filled', async () => {
  const { sdk, file, assistant } = await startWithFile();
  const sizes = { max_chunk_size_tokens: 100, chunk_overlap_tokens: 10 };
  const thread = await sdk.beta.threads.create({
    messages: [{ role: 'user', content: 'What does the heron eat?' }],
    tool_resources: {
      file_search: {
        vector_stores: [
          { file_ids: [file.id], metadata: { a: '1' }, chunking_strategy: { type: 'static', static: sizes } },
        ],
      },
    },
  });
  const [storeId = ''] = storeOf(thread);
  expect(await sdk.vectorStores.retrieve(storeId)).toMatchObject({ metadata: { a: '1' }, file_counts: { total: 1 } });
  expect((await sdk.vectorStores.files.list(storeId)).data[0]?.chunking_strategy).toEqual({
    type: 'static',
    static: sizes,
  });
  await sdk.beta.threads.runs.createAndPoll(thread.id, { assistant_id: assistant.id });
  expect(await citedIn(sdk, thread.id)).toEqual([file.id]);
});

test('a message that attaches a file that does not exist is not created', async () => {
  const { sdk } = await startWithFile();
  const { id } = await sdk.beta.threads.create();
  await expect(sdk.beta.threads.messages.create(id, asking('file-none'))).rejects.toThrow(NotFoundError);
  expect((await sdk.beta.threads.messages.list(id)).data).toEqual([]);
  await expect(sdk.beta.threads.create({ messages: [asking('file-none')] })).rejects.toThrow(
    "No file found with id 'file-none'.",
  );
});

test('a thread whose store was deleted gets another with the next attachment', async () => {
  const { sdk, file } = await startWithFile();
  const thread = await sdk.beta.threads.create({ messages: [asking(file.id)] });
  await sdk.vectorStores.delete(storeOf(thread)[0] ?? '');
  await sdk.beta.threads.messages.create(thread.id, asking(file.id));
  const [storeId = ''] = storeOf(await sdk.beta.threads.retrieve(thread.id));
  expect(storeId).not.toBe(storeOf(thread)[0]);
  expect(await sdk.vectorStores.retrieve(storeId)).toMatchObject({ file_counts: { total: 1 } });
});
