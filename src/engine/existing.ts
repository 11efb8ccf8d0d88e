import type { RestAssistant } from '../wire/assistant.ts';
import type { RestMessage } from '../wire/message.ts';
import type { RestRunStep } from '../wire/runStep.ts';
import type { RestThread } from '../wire/thread.ts';
import { httpErrors } from './httpErrors.ts';
import type { RunRecord } from './store/access/runs.ts';
import type { StoredFile } from './store/access/files.ts';
import type { StoredUpload } from './store/access/uploads.ts';
import type { ModelSettings } from './store/modelSettings.ts';
import type { StoreReads, StoreWrites } from './store/store.ts';

// Each function returns the object, or throws the 404 that names it. The thread of a missing message or run is read only
// then: if it does not exist either, the error is about the thread.

const missingIn = async (reads: StoreReads, threadId: string, resource: 'message' | 'run', id: string) =>
  (await reads.threads.get(threadId)) === undefined
    ? httpErrors.notFound('thread', threadId)
    : httpErrors.notFound(resource, id);

/** @throws {HttpError} 404 */
export const existingAssistant = async (reads: StoreReads, assistantId: string): Promise<RestAssistant> => {
  const assistant = await reads.assistants.get(assistantId);
  if (assistant === undefined) throw httpErrors.notFound('assistant', assistantId);
  return assistant;
};

/** The assistant and the settings of its model calls. @throws {HttpError} 404 */
export const existingAssistantWithSettings = async (
  reads: StoreReads,
  assistantId: string,
): Promise<{ assistant: RestAssistant; settings: ModelSettings }> => {
  const found = await reads.assistants.withSettings(assistantId);
  if (found === undefined) throw httpErrors.notFound('assistant', assistantId);
  return found;
};

/** The assistant, locked against other writers until the transaction ends. @throws {HttpError} 404 */
export const lockedAssistant = async (
  writes: StoreWrites,
  assistantId: string,
): Promise<{ assistant: RestAssistant; settings: ModelSettings }> => {
  await writes.assistants.lock(assistantId);
  return existingAssistantWithSettings(writes, assistantId);
};

/** @throws {HttpError} 404 */
export const existingThread = async (reads: StoreReads, threadId: string): Promise<RestThread> => {
  const thread = await reads.threads.get(threadId);
  if (thread === undefined) throw httpErrors.notFound('thread', threadId);
  return thread;
};

/** The thread, locked against other writers until the transaction ends. @throws {HttpError} 404 */
export const lockedThread = async (writes: StoreWrites, threadId: string): Promise<RestThread> => {
  const thread = await writes.threads.lock(threadId);
  if (thread === undefined) throw httpErrors.notFound('thread', threadId);
  return thread;
};

/** @throws {HttpError} 404 */
export const existingMessage = async (reads: StoreReads, threadId: string, messageId: string): Promise<RestMessage> => {
  const message = await reads.messages.get(threadId, messageId);
  if (message === undefined) throw await missingIn(reads, threadId, 'message', messageId);
  return message;
};

/** @throws {HttpError} 404 */
export const existingRun = async (reads: StoreReads, threadId: string, runId: string): Promise<RunRecord> => {
  const record = await reads.runs.get(threadId, runId);
  if (record === undefined) throw await missingIn(reads, threadId, 'run', runId);
  return record;
};

/** @throws {HttpError} 404 */
export const existingStep = async (reads: StoreReads, runId: string, stepId: string): Promise<RestRunStep> => {
  const step = await reads.steps.get(runId, stepId);
  if (step === undefined) throw httpErrors.notFound('run step', stepId);
  return step;
};

/** @throws {HttpError} 404 */
export const existingFile = async (reads: StoreReads, fileId: string): Promise<StoredFile> => {
  const stored = await reads.files.get(fileId);
  if (stored === undefined) throw httpErrors.notFound('file', fileId);
  return stored;
};

/** @throws {HttpError} 404 */
export const existingUpload = async (reads: StoreReads, uploadId: string): Promise<StoredUpload> => {
  const stored = await reads.uploads.get(uploadId);
  if (stored === undefined) throw httpErrors.notFound('upload', uploadId);
  return stored;
};

/** The upload, locked against other writers until the transaction ends. @throws {HttpError} 404 */
export const lockedUpload = async (writes: StoreWrites, uploadId: string): Promise<StoredUpload> => {
  const stored = await writes.uploads.lock(uploadId);
  if (stored === undefined) throw httpErrors.notFound('upload', uploadId);
  return stored;
};

/** @throws {HttpError} 404 */
export const removeAssistant = async (writes: StoreWrites, assistantId: string): Promise<void> => {
  if (!(await writes.assistants.remove(assistantId))) throw httpErrors.notFound('assistant', assistantId);
};

/** @throws {HttpError} 404 */
export const removeThread = async (writes: StoreWrites, threadId: string): Promise<void> => {
  if (!(await writes.threads.remove(threadId))) throw httpErrors.notFound('thread', threadId);
};
