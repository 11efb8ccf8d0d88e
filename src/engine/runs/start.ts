import type { CreateRunBody, CreateThreadAndRunBody } from '../../wire/run.ts';
import { existingAssistant } from '../existing.ts';
import type { RunEvent, RunRecord, StoreWrites } from '../store/store.ts';
import { addThread } from '../threads.ts';
import { newLedger } from './ledger.ts';
import { newRun } from './newRun.ts';

/**
 * Queues a run of the body's assistant. `preface` are events that come before the run's own.
 * @throws {ApiError} 404 where there is no such assistant, 400 for a tool choice that can't be.
 */
export const startRun = async (
  writes: StoreWrites,
  threadId: string,
  body: CreateRunBody,
  lifetimeSeconds: number,
  preface: RunEvent[] = [],
): Promise<RunRecord> => {
  const assistant = await existingAssistant(writes, body.assistant_id);
  const ledger = newLedger(newRun(threadId, assistant, body, lifetimeSeconds), preface);
  await ledger.save(writes);
  return ledger.record;
};

/**
 * Makes a thread and queues a run on it.
 * @throws {ApiError} as `startRun`
 */
export const startThreadAndRun = async (
  writes: StoreWrites,
  body: CreateThreadAndRunBody,
  lifetimeSeconds: number,
): Promise<RunRecord> => {
  const { thread: given, tool_resources: resources, ...runBody } = body;
  // The run's resources are its thread's: there is nowhere else to find them again.
  const added = { ...given?.tool_resources, ...resources };
  const thread = await addThread(writes, { ...given, tool_resources: added });
  return startRun(writes, thread.id, runBody, lifetimeSeconds, [{ event: 'thread.created', data: thread }]);
};
