import type { CreateRunBody, CreateThreadAndRunBody } from '../../wire/run.ts';
import { existingAssistant } from '../existing.ts';
import { settingsOfObject } from '../store/modelSettings.ts';
import type { NewRunEvent } from '../store/access/events.ts';
import type { RunRecord } from '../store/access/runs.ts';
import type { StoreWrites } from '../store/store.ts';
import { addThread } from '../threads.ts';
import { newRunTransaction } from './runTransaction.ts';
import { newRun } from './newRun.ts';

/**
 * Queues a run of the body's assistant. The events of `preface` precede the run's own.
 * @throws {HttpError} 404 if there is no such assistant, 400 for an invalid tool choice
 */
export const startRun = async (
  writes: StoreWrites,
  threadId: string,
  body: CreateRunBody,
  lifetimeSeconds: number,
  preface: NewRunEvent[] = [],
): Promise<RunRecord> => {
  const assistant = await existingAssistant(writes, body.assistant_id);
  const settings = (await writes.assistants.settingsOf(assistant.id)) ?? settingsOfObject(assistant);
  const transaction = newRunTransaction(newRun(threadId, assistant, settings, body, lifetimeSeconds), preface);
  await transaction.save(writes);
  return transaction.record;
};

/**
 * Creates a thread and queues a run on it.
 * @throws {HttpError} as `startRun`
 */
export const startThreadAndRun = async (
  writes: StoreWrites,
  body: CreateThreadAndRunBody,
  lifetimeSeconds: number,
): Promise<RunRecord> => {
  const { thread: given, tool_resources: resources, ...runBody } = body;
  // A run has no tool resources of its own, so they become those of the thread.
  const added = { ...given?.tool_resources, ...resources };
  const thread = await addThread(writes, { ...given, tool_resources: added });
  return startRun(writes, thread.id, runBody, lifetimeSeconds, [{ event: 'thread.created', data: thread }]);
};
