import type { RestMessage } from '../../wire/message.ts';
import type { RestRunStep } from '../../wire/runStep.ts';
import type { NewRunEvent, StoredRunEvent } from '../store/access/events.ts';
import type { RunRecord } from '../store/access/runs.ts';
import type { StoreReads } from '../store/store.ts';

/** Messages that are read at once. */
const pageSize = 100;

const messagesOf = async (reads: StoreReads, { run }: RunRecord): Promise<Map<string, RestMessage>> => {
  const messages = new Map<string, RestMessage>();
  let after: string | undefined;
  do {
    const page = await reads.messages.list(run.thread_id, { limit: pageSize, order: 'asc', after }, run.id);
    for (const message of page.items) messages.set(message.id, message);
    after = page.hasMore ? page.items.at(-1)?.id : undefined;
  } while (after !== undefined);
  return messages;
};

const messageEvents = (message: RestMessage): NewRunEvent[] => {
  const ended = { completed_at: null, incomplete_at: null, incomplete_details: null };
  return [
    { event: 'thread.message.created', data: { ...message, ...ended, status: 'in_progress', content: [] } },
    { event: `thread.message.${message.status}`, data: message },
  ];
};

const stepEvents = (step: RestRunStep, messages: ReadonlyMap<string, RestMessage>): NewRunEvent[] => {
  const { step_details: details } = step;
  const ended = {
    completed_at: null,
    failed_at: null,
    cancelled_at: null,
    expired_at: null,
    last_error: null,
    usage: null,
  };
  const begun = details.type === 'tool_calls' ? { ...details, tool_calls: [] } : details;
  const message = details.type === 'message_creation' && messages.get(details.message_creation.message_id);
  return [
    { event: 'thread.run.step.created', data: { ...step, ...ended, status: 'in_progress', step_details: begun } },
    ...(message ? messageEvents(message) : []),
    { event: `thread.run.step.${step.status}`, data: step },
  ];
};

/**
 * What is left of the events of an ended run once they have been removed: for the run and each of its steps and messages, that
 * it was created, and how it ended. They are the last ones by their numbers, so that a reader which has seen some of
 * the events gets all that it missed of these kinds. Runs that never had events, as imported ones, have none here either.
 */
export const eventsOfEndedRun = async (reads: StoreReads, record: RunRecord): Promise<StoredRunEvent[]> => {
  const { run, lastEvent } = record;
  if (lastEvent === 0) return [];
  const messages = await messagesOf(reads, record);
  const steps = await reads.steps.ofRun(run.id);
  const ended = {
    started_at: null,
    completed_at: null,
    failed_at: null,
    cancelled_at: null,
    last_error: null,
    incomplete_details: null,
    usage: null,
  };
  const events: NewRunEvent[] = [
    { event: 'thread.run.created', data: { ...run, ...ended, status: 'queued' } },
    ...steps.flatMap((step) => stepEvents(step, messages)),
    { event: `thread.run.${run.status}`, data: run },
  ];
  const first = lastEvent - events.length + 1;
  return events.map(({ event, data }, index) => ({ sequence: first + index, event, json: JSON.stringify(data) }));
};
