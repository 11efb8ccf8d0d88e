import { expect, onTestFinished, test } from 'vitest';
import { runIngestionJob } from '../../src/engine/ingestion/ingestionJob.ts';
import { defaultExtractionLimits } from '../../src/engine/ingestion/limits.ts';
import type { SearchIndex } from '../../src/engine/search/searchIndex.ts';
import { openSqliteStore } from '../../src/engine/store/sqlite/sqliteStore.ts';
import { DEFAULT_TENANT } from '../../src/engine/tenant.ts';
import { addBatch } from '../../src/engine/vectorStores/storeFiles.ts';
import { addVectorStore } from '../../src/engine/vectorStores/vectorStore.ts';
import type { RestFile } from '../../src/wire/file.ts';

const file: RestFile = {
  id: 'file_1',
  object: 'file',
  bytes: 1,
  created_at: 1,
  expires_at: null,
  filename: 'a.txt',
  purpose: 'assistants',
  status: 'processed',
  status_details: null,
};

const nothing: SearchIndex = {
  add: async () => ({ bytes: 1 }),
  remove: async () => undefined,
  search: async () => [],
  textOf: async () => [],
  entriesAfter: async () => [],
  close: async () => undefined,
};

/** Carries out the job of a file, after whose indexing `then` is called. */
const run = async (then: (cancelBatch: () => Promise<void>, stop: AbortController) => Promise<void>) => {
  const store = await openSqliteStore(':memory:');
  onTestFinished(() => store.close());
  const tenant = store.forTenant(DEFAULT_TENANT);
  const batch = await tenant.write(async (writes) => {
    await writes.files.insert(file, 'a');
    const { id } = await addVectorStore(writes, {});
    return addBatch(writes, id, [{ file_id: file.id }]);
  });
  const cancelBatch = () =>
    tenant.write(({ vectorStoreFiles }) => vectorStoreFiles.cancelBatch(batch.vector_store_id, batch.id));
  const [job] = await store.ingestion.waiting(Date.now(), 1);
  if (job === undefined) throw new Error('no file waits');
  const stop = new AbortController();
  const removed: number[] = [];
  const index: SearchIndex = {
    ...nothing,
    add: async () => {
      await then(cancelBatch, stop);
      return { bytes: 1 };
    },
    remove: async (entries) => void removed.push(...entries),
  };
  const blobs = { read: async function* () {} };
  const limits = defaultExtractionLimits;
  await runIngestionJob({ store, index, blobs, limits, log: () => undefined }, job, stop.signal);
  const { file: after } = (await tenant.vectorStoreFiles.get(batch.vector_store_id, file.id)) ?? {};
  return { status: after?.status, isRemoved: removed.includes(job.entry) };
};

test('a file whose batch is cancelled just after it was indexed leaves the index', async () => {
  const outcome = await run(async (cancelBatch, stop) => {
    await cancelBatch();
    stop.abort();
  });
  expect(outcome).toEqual({ status: 'cancelled', isRemoved: true });
});

test('a file that is indexed when the engine is closed need not be indexed again', async () => {
  const outcome = await run(async (_cancelBatch, stop) => stop.abort());
  expect(outcome).toEqual({ status: 'completed', isRemoved: false });
});
