import type { CreateRunBody, CreateThreadAndRunBody } from '../../wire/run.ts';
import { existingAssistantWithSettings } from '../existing.ts';
import type { NewRunEvent } from '../store/access/events.ts';
import type { RunRecord } from '../store/access/runs.ts';
import type { StoreWrites } from '../store/store.ts';
import { addThread } from '../threads.ts';
import { newRunTransaction } from './runTransaction.ts';
import { newRun } from './newRun.ts';
import type { Reservation } from './reservation.ts';

export interface StartOptions {
  lifetimeSeconds: number;
  /** Of the worker that executes the run; undefined if the run has to wait for one. */
  reservation: Reservation | undefined;
  /** Called within the transaction, before the run is written. */
  onRun: (runId: string) => void;
}

/** A run as it was created, and as the worker holds it that executes it at once. */
export interface StartedRun {
  queued: RunRecord;
  claimed: RunRecord | undefined;
}

/**
 * Queues a run of the body's assistant, or has a worker execute it at once. The events of `preface` precede the run's own.
 * @throws {HttpError} 404 if there is no such assistant, 400 for an invalid tool choice
 */
export const startRun = async (
  writes: StoreWrites,
  threadId: string,
  body: CreateRunBody,
  { lifetimeSeconds, reservation, onRun }: StartOptions,
  preface: NewRunEvent[] = [],
): Promise<StartedRun> => {
  const { assistant, settings } = await existingAssistantWithSettings(writes, body.assistant_id);
  const transaction = newRunTransaction(newRun(threadId, assistant, settings, body, lifetimeSeconds), preface);
  const queued = transaction.record;
  onRun(queued.run.id);
  reservation?.claim(transaction);
  await transaction.save(writes);
  return { queued, claimed: reservation && transaction.record };
};

/**
 * Creates a thread and starts a run on it.
 * @throws {HttpError} as `startRun`
 */
export const startThreadAndRun = async (
  writes: StoreWrites,
  body: CreateThreadAndRunBody,
  options: StartOptions,
): Promise<StartedRun> => {
  const { thread: given, tool_resources: resources, ...runBody } = body;
  // A run has no tool resources of its own, so they become those of the thread.
  const added = { ...given?.tool_resources, ...resources };
  const thread = await addThread(writes, { ...given, tool_resources: added });
  return startRun(writes, thread.id, runBody, options, [{ event: 'thread.created', data: thread }]);
};
