import { beforeAll, afterAll, expect, test } from 'vitest';
import { ALICE, type App, BOB, openApp, TOKENS } from '../access/apps.ts';
import { sdkAt, textFile } from './filesWorld.ts';
import { searchIn } from './vectorStoresWorld.ts';

let app: App;
beforeAll(async () => {
  app = await openApp(TOKENS);
});
afterAll(() => app.close());

/** A tenant with a vector store that has one file, and a file that is in no store. */
const populated = async (token: string, text: string) => {
  const sdk = sdkAt(app.url, token);
  const { id: storeId } = await sdk.vectorStores.create({ name: text });
  const batch = await sdk.vectorStores.fileBatches.uploadAndPoll(storeId, { files: [textFile(text)] });
  const [file] = (await sdk.vectorStores.files.list(storeId)).data;
  const loose = await sdk.files.create({ file: textFile(text), purpose: 'assistants' });
  return { sdk, storeId, batchId: batch.id, fileId: file?.id ?? '', looseId: loose.id };
};

test('the vector stores of a tenant do not exist for another', async () => {
  const alice = await populated(ALICE, 'the heron of alice');
  const bob = await populated(BOB, 'the heron of bob');
  const { storeId, fileId, batchId: batch } = alice;
  const own = { vector_store_id: bob.storeId };
  const { vectorStores } = bob.sdk;
  const denied = {
    retrieve: () => vectorStores.retrieve(storeId),
    update: () => vectorStores.update(storeId, { name: 'forged' }),
    delete: () => vectorStores.delete(storeId),
    search: () => vectorStores.search(storeId, { query: 'heron' }),
    files: () => vectorStores.files.list(storeId),
    file: () => vectorStores.files.retrieve(fileId, { vector_store_id: storeId }),
    'file in an own store': () => vectorStores.files.retrieve(fileId, own),
    'content in an own store': () => vectorStores.files.content(fileId, own),
    'a file of the other in an own store': () => vectorStores.files.create(bob.storeId, { file_id: alice.looseId }),
    'an own file in a store of the other': () => vectorStores.files.create(storeId, { file_id: bob.looseId }),
    'a new store with the file': () => vectorStores.create({ file_ids: [alice.looseId] }),
    'a batch with the file': () => vectorStores.fileBatches.create(bob.storeId, { file_ids: [alice.looseId] }),
    batch: () => vectorStores.fileBatches.retrieve(batch, { vector_store_id: storeId }),
    'batch in an own store': () => vectorStores.fileBatches.cancel(batch, own),
    'files of the batch': () => vectorStores.fileBatches.listFiles(batch, own),
    removal: () => vectorStores.files.delete(fileId, { vector_store_id: storeId }),
    cursor: () => vectorStores.list({ after: storeId }),
    'cursor of a file': () => vectorStores.files.list(bob.storeId, { after: fileId }),
  };
  for (const [name, attempt] of Object.entries(denied)) {
    const error: unknown = await attempt().then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    expect([name, error]).toEqual([name, expect.objectContaining({ status: name.startsWith('cursor') ? 400 : 404 })]);
    expect(String(error)).not.toContain('alice');
  }
  expect((await vectorStores.list()).data.map(({ id }) => id)).toEqual([bob.storeId]);
  expect(await searchIn(alice.sdk, storeId, 'heron')).toEqual(['notes.txt']);
});

test('a run searches no store of another tenant, whatever its assistant and thread name', async () => {
  const alice = await populated(ALICE, 'the otter of alice');
  const sdk = sdkAt(app.url, BOB);
  const tool_resources = { file_search: { vector_store_ids: [alice.storeId] } };
  const assistant = await sdk.beta.assistants.create({ model: 'm', tools: [{ type: 'file_search' }], tool_resources });
  const run = await sdk.beta.threads.createAndRunPoll({
    assistant_id: assistant.id,
    thread: { messages: [{ role: 'user', content: 'Where is the otter?' }], tool_resources },
  });
  const steps = await sdk.beta.threads.runs.steps.list(run.id, { thread_id: run.thread_id });
  expect(steps.data.map(({ type }) => type)).toEqual(['message_creation']);
  expect(JSON.stringify((await sdk.beta.threads.messages.list(run.thread_id)).data)).not.toContain('alice');
});

test('the scores of a tenant do not depend on the files of others', async () => {
  const bob = await populated(BOB, 'a badger');
  const scoreOf = async () => (await bob.sdk.vectorStores.search(bob.storeId, { query: 'badger x' })).data[0]?.score;
  const before = await scoreOf();
  expect(before).toBeGreaterThan(0);
  await populated(ALICE, 'badger badger badger x x x');
  expect(await scoreOf()).toBe(before);
});
