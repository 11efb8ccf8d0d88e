import type { EngineCall } from '../../src/engine/store/access/engineCalls.ts';
import type { RunRecord } from '../../src/engine/store/access/runs.ts';
import type { StoreReads, StoreWrites } from '../../src/engine/store/store.ts';
import type { RestFile } from '../../src/wire/file.ts';
import type { RestVectorStore, RestVectorStoreFile, RestVectorStoreFileBatch } from '../../src/wire/vectorStore.ts';
import type { RestRun } from '../../src/wire/run.ts';
import type { RestUpload } from '../../src/wire/upload.ts';
import { assistant, message, run, thread, toolStep } from '../graph/fixtures.ts';

const settings = { temperature: null, topP: null, reasoningEffort: null };
const lease = 'a-lease';
const record: RunRecord = {
  run: { ...run, status: 'in_progress' },
  expiresAt: 0,
  claimAfter: null,
  lease,
  lastEvent: 1,
  progress: {
    usage: { prompt_tokens: 0, completion_tokens: 0, total_tokens: 0 },
    pendingUsage: null,
    spent: { prompt: 0, completion: 0 },
    isCalling: false,
    hasServerCalls: false,
    endedSteps: 0,
    settings,
  },
};
/** A run of known usage. */
const ended: RestRun = { ...run, model: 'm', created_at: 1, usage: record.progress.usage };
const event = { event: 'thread.run.created', data: record.run };
const engineCall: EngineCall = {
  id: 'call_own',
  runId: run.id,
  name: 'code_interpreter',
  arguments: '{}',
  output: null,
  citations: [{ type: 'file_path', text: 'sandbox:/mnt/data/a.csv', fileId: 'file-1' }],
  images: [],
};
const file: RestFile = {
  id: 'file-1',
  object: 'file',
  bytes: 3,
  created_at: 1,
  expires_at: null,
  filename: 'a.txt',
  purpose: 'assistants',
};
const vectorStore: RestVectorStore = {
  id: 'vs_1',
  object: 'vector_store',
  created_at: 1,
  name: null,
  usage_bytes: 0,
  file_counts: { in_progress: 1, completed: 0, failed: 0, cancelled: 0, total: 1 },
  status: 'in_progress',
  last_active_at: 1,
  metadata: {},
};
const storeFile: RestVectorStoreFile = {
  id: file.id,
  object: 'vector_store.file',
  created_at: 1,
  vector_store_id: vectorStore.id,
  status: 'in_progress',
  usage_bytes: 0,
  last_error: null,
};
const batch: RestVectorStoreFileBatch = {
  id: 'vsfb_1',
  object: 'vector_store.files_batch',
  created_at: 1,
  vector_store_id: vectorStore.id,
  status: 'in_progress',
  file_counts: vectorStore.file_counts,
};
const upload: RestUpload = {
  id: 'upload_1',
  object: 'upload',
  bytes: 3,
  created_at: 1,
  expires_at: 2,
  filename: 'a.txt',
  purpose: 'assistants',
  status: 'pending',
  file: null,
};
const part = { id: 'part_1', sha256: '0'.repeat(64), bytes: 3 };
const page = { limit: 10, order: 'asc' } as const;
const threadId = thread.id;

/** Inserts one object of each kind. */
export const insertAll = async (writes: StoreWrites): Promise<void> => {
  await writes.assistants.insert(assistant, settings);
  await writes.threads.insert(thread);
  await writes.files.insert(file, part.sha256);
  await writes.uploads.insert({ upload, expiresAfterSeconds: undefined });
  await writes.uploads.insertPart(upload.id, part);
  await writes.vectorStores.insert(vectorStore);
  await writes.fileBatches.insert(batch);
  await writes.vectorStoreFiles.insert(storeFile, batch.id);
  await writes.messages.insert(threadId, [message]);
  await writes.runs.insert(record);
  await writes.threadUsage.add(ended);
  await writes.steps.insert(toolStep);
  await writes.engineCalls.insert(engineCall);
  await writes.events.append(run.id, 1, [event]);
};

/** Calls that read, by their names. Each finds something of what `insertAll` inserts. */
export const reads: Record<string, (from: StoreReads) => Promise<unknown>> = {
  'assistants.get': ({ assistants }) => assistants.get(assistant.id),
  'assistants.withSettings': ({ assistants }) => assistants.withSettings(assistant.id),
  'assistants.settingsOfAll': async ({ assistants }) => [...(await assistants.settingsOfAll([assistant.id]))],
  'assistants.list': ({ assistants }) => assistants.list(page),
  'threads.get': ({ threads }) => threads.get(threadId),
  'files.get': ({ files }) => files.get(file.id),
  'files.getAll': ({ files }) => files.getAll([file.id]),
  'files.list': ({ files }) => files.list(page),
  'vectorStores.get': ({ vectorStores }) => vectorStores.get(vectorStore.id),
  'vectorStores.list': ({ vectorStores }) => vectorStores.list(page),
  'vectorStoreFiles.get': ({ vectorStoreFiles }) => vectorStoreFiles.get(vectorStore.id, file.id),
  'vectorStoreFiles.list': ({ vectorStoreFiles }) => vectorStoreFiles.list(vectorStore.id, page, {}),
  'vectorStoreFiles.ofEntries': ({ vectorStoreFiles }) => vectorStoreFiles.ofEntries([1]),
  'vectorStoreFiles.attributesAfter': ({ vectorStoreFiles }) => vectorStoreFiles.attributesAfter(vectorStore.id, 0, 10),
  'fileBatches.get': ({ fileBatches }) => fileBatches.get(vectorStore.id, batch.id),
  'uploads.get': ({ uploads }) => uploads.get(upload.id),
  'uploads.parts': ({ uploads }) => uploads.parts(upload.id),
  'threads.list': ({ threads }) => threads.list(page, { metadata: {} }),
  'threadUsage.ofThreads': ({ threadUsage }) => threadUsage.ofThreads([threadId]),
  'threadUsage.get': ({ threadUsage }) => threadUsage.get(threadId),
  'messages.get': ({ messages }) => messages.get(threadId, message.id),
  'messages.list': ({ messages }) => messages.list(threadId, page),
  'messages.list of a run': ({ messages }) => messages.list(threadId, page, run.id),
  'messages.followingRuns': ({ messages }) => messages.followingRuns(threadId, [run.id], 'run_other'),
  'runs.get': ({ runs }) => runs.get(threadId, run.id),
  'runs.find': ({ runs }) => runs.find(run.id),
  'runs.list': ({ runs }) => runs.list(threadId, page),
  'runs.newestIn': ({ runs }) => runs.newestIn(threadId, 10),
  'runs.activeIn': ({ runs }) => runs.activeIn(threadId),
  'steps.get': ({ steps }) => steps.get(run.id, toolStep.id),
  'steps.list': ({ steps }) => steps.list(run.id, page),
  'steps.ofRun': ({ steps }) => steps.ofRun(run.id),
  'steps.ofRuns': ({ steps }) => steps.ofRuns([run.id]),
  'engineCalls.ofRun': ({ engineCalls }) => engineCalls.ofRun(run.id),
  'engineCalls.citationsIn': ({ engineCalls }) => engineCalls.citationsIn(threadId, 10),
  'events.after': ({ events }) => events.after(run.id, 0),
};

/** Calls that change an object, or read it in order to. */
export const writes: Record<string, (to: StoreWrites) => Promise<unknown>> = {
  'assistants.update': ({ assistants }) => assistants.update({ ...assistant, name: 'forged' }, settings),
  'assistants.remove': ({ assistants }) => assistants.remove(assistant.id),
  'threads.update': ({ threads }) => threads.update({ ...thread, metadata: {} }),
  'threads.remove': ({ threads }) => threads.remove(threadId),
  'threads.lock': ({ threads }) => threads.lock(threadId),
  'runs.lock': ({ runs }) => runs.lock(run.id),
  'assistants.lock': ({ assistants }) => assistants.lock(assistant.id),
  'vectorStores.lock': ({ vectorStores }) => vectorStores.lock(vectorStore.id),
  'uploads.lock': ({ uploads }) => uploads.lock(upload.id),
  'vectorStores.update': ({ vectorStores }) => vectorStores.update({ ...vectorStore, name: 'other' }),
  'vectorStores.remove': ({ vectorStores }) => vectorStores.remove(vectorStore.id),
  'vectorStoreFiles.update': ({ vectorStoreFiles }) => vectorStoreFiles.update({ ...storeFile, attributes: { a: 1 } }),
  'vectorStoreFiles.remove': ({ vectorStoreFiles }) => vectorStoreFiles.remove(vectorStore.id, file.id),
  'vectorStoreFiles.cancelBatch': ({ vectorStoreFiles }) => vectorStoreFiles.cancelBatch(vectorStore.id, batch.id),
  'uploads.countParts': ({ uploads }) => uploads.countParts(upload.id),
  'vectorStoreFiles.count': ({ vectorStoreFiles }) => vectorStoreFiles.count(vectorStore.id),
  'vectorStoreFiles.isInProgress': ({ vectorStoreFiles }) => vectorStoreFiles.isInProgress(vectorStore.id),
  'fileBatches.update': ({ fileBatches }) => fileBatches.update({ ...batch, status: 'cancelled' }),
  'files.remove': ({ files }) => files.remove(file.id),
  'uploads.end': ({ uploads }) => uploads.end({ ...upload, status: 'cancelled' }),
  'messages.update': ({ messages }) => messages.update({ ...message, metadata: {} }),
  'messages.rewrite': ({ messages }) => messages.rewrite({ ...message, content: [] }),
  'messages.remove': ({ messages }) => messages.remove(threadId, message.id),
  'messages.count': ({ messages }) => messages.count(threadId),
  'runs.update': ({ runs }) => runs.update({ ...record, run: { ...run, metadata: {} } }),
  'runs.end': ({ runs }) => runs.end({ ...record, run: { ...run, metadata: {} } }),
  'runs.advance': ({ runs }) => runs.advance(run.id, lease, 1),
  'steps.update': ({ steps }) => steps.update({ ...toolStep, metadata: {} }),
  'engineCalls.update': ({ engineCalls }) => engineCalls.update({ ...engineCall, output: 'forged' }),
};

/** Calls that add to the object of another table. */
export const inserts: Record<string, (to: StoreWrites) => Promise<unknown>> = {
  'threadUsage.add': ({ threadUsage }) => threadUsage.add(ended),
  'vectorStoreFiles.insert': ({ vectorStoreFiles }) => vectorStoreFiles.insert(storeFile, null),
  'fileBatches.insert': ({ fileBatches }) => fileBatches.insert({ ...batch, id: 'vsfb_forged' }),
  'uploads.insertPart': ({ uploads }) => uploads.insertPart(upload.id, { ...part, id: 'part_2' }),
  'messages.insert': ({ messages }) => messages.insert(threadId, [{ ...message, id: 'msg_forged' }]),
  'runs.insert': ({ runs }) => runs.insert({ ...record, run: { ...run, id: 'run_forged', status: 'completed' } }),
  'steps.insert': ({ steps }) => steps.insert({ ...toolStep, id: 'step_forged' }),
  'engineCalls.insert': ({ engineCalls }) => engineCalls.insert({ ...engineCall, id: 'call_forged' }),
  'events.append': ({ events }) => events.append(run.id, 2, [event]),
};
