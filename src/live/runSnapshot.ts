import { isDeepStrictEqual } from 'node:util';
import type { RunKey } from '../loaders/run.ts';
import { isMissing } from '../rest/errors/apiError.ts';
import type { Received } from '../rest/received.ts';
import type { Rest } from '../rest/rest.ts';
import type { RunEvent } from '../rest/runEvents.ts';
import type { RestMessage } from '../wire/message.ts';
import type { RestRun } from '../wire/run.ts';
import type { RestRunStep } from '../wire/runStep.ts';

/** All that can be read of a run: itself, its steps from the first on, and the messages that it has finished. */
export interface RunSnapshot {
  run: Received<RestRun>;
  steps: Received<RestRunStep>[];
  messages: Received<RestMessage>[];
}

/** Reads a run with all that belongs to it. What `known` already holds and cannot change any more is not read again. */
export const readSnapshot = async (rest: Rest, key: RunKey, known: RunSnapshot | undefined) => {
  const { threadId, runId } = key;
  // The run first: a step that is missed now then belongs to a later state of the run, and is found with that.
  const { object: run, pollAfterMs } = await rest.runs.poll(threadId, runId);
  const steps = await allSteps(rest, key);
  const written = await Promise.all(
    steps.flatMap(finishedMessageId).map(async (messageId) => {
      const message = known?.messages.find(({ id }) => id === messageId);
      return message ?? rest.messages.retrieve(threadId, messageId).catch(nullIfMissing);
    }),
  );
  return { object: { run, steps, messages: written.filter((message) => message !== null) }, pollAfterMs };
};

/** A message may be deleted while its run goes on. */
const nullIfMissing = (error: unknown) => {
  if (isMissing(error)) return null;
  throw error;
};

const allSteps = async (rest: Rest, { threadId, runId }: RunKey) => {
  const steps: Received<RestRunStep>[] = [];
  for (;;) {
    const after = steps.at(-1)?.id;
    const page = await rest.runSteps.list(threadId, runId, { limit: 100, order: 'asc', after });
    steps.push(...page.data);
    if (!page.has_more || page.data.length === 0) return steps;
  }
};

/** The message that a step has written to its end, if that is what it did. */
const finishedMessageId = ({ status, step_details: details }: Received<RestRunStep>): string[] => {
  if (status === 'in_progress' || details?.type !== 'message_creation') return [];
  return details.message_creation?.message_id == null ? [] : [details.message_creation.message_id];
};

/** What happened between two snapshots, as the events that a stream would have sent, whole objects in place of deltas. */
export const eventsBetween = (before: RunSnapshot | undefined, after: RunSnapshot): RunEvent[] => [
  ...changed(before?.steps, after.steps).map((step) => event(`thread.run.step.${step.status ?? 'in_progress'}`, step)),
  ...changed(before?.messages, after.messages).map((message) =>
    event(`thread.message.${message.status ?? 'completed'}`, message),
  ),
  ...(isSameState(before?.run, after.run) ? [] : [event(`thread.run.${after.run.status ?? 'queued'}`, after.run)]),
];

/** Also by what it waits for: between two readings it may have gone on, and need action again. */
const isSameState = (before: Received<RestRun> | undefined, after: Received<RestRun>) =>
  before?.status === after.status && isDeepStrictEqual(before?.required_action, after.required_action);

const changed = <Item extends { id: string; status?: string | null | undefined }>(
  before: Item[] = [],
  after: Item[],
) => {
  const known = new Map(before.map(({ id, status }) => [id, status]));
  return after.filter(({ id, status }) => !known.has(id) || known.get(id) !== status);
};

const event = (name: string, data: object) => ({ event: name, data, id: null }) as RunEvent;
