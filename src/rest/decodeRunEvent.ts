import type { RestRunEvent } from '../wire/runEvent.ts';
import { objectOf } from './parseBody.ts';
import type { DecodeEvent } from './events.ts';
import type { Received } from './received.ts';

/** An event of a run: its object, with the same tolerance as in responses, and the id of the event if the server sends one. */
export type ReceivedRunEvent = ReceivedEvent<RestRunEvent> & { id: string | null };

type ReceivedEvent<Event> = Event extends { event: infer Name; data: infer Data }
  ? { event: Name; data: Received<Data> }
  : never;

/** The API's documentation elides data in this way, and some servers copied it. */
const ELIDED = '...';

type Kind = 'thread' | 'run' | 'step' | 'message' | 'delta';

const kinds: Record<RestRunEvent['event'], Kind> = {
  'thread.created': 'thread',
  'thread.run.created': 'run',
  'thread.run.queued': 'run',
  'thread.run.in_progress': 'run',
  'thread.run.requires_action': 'run',
  'thread.run.completed': 'run',
  'thread.run.incomplete': 'run',
  'thread.run.failed': 'run',
  'thread.run.cancelling': 'run',
  'thread.run.cancelled': 'run',
  'thread.run.expired': 'run',
  'thread.run.step.created': 'step',
  'thread.run.step.in_progress': 'step',
  'thread.run.step.delta': 'delta',
  'thread.run.step.completed': 'step',
  'thread.run.step.failed': 'step',
  'thread.run.step.cancelled': 'step',
  'thread.run.step.expired': 'step',
  'thread.message.created': 'message',
  'thread.message.in_progress': 'message',
  'thread.message.delta': 'delta',
  'thread.message.completed': 'message',
  'thread.message.incomplete': 'message',
};

/**
 * Decodes the events of one run's stream. Unknown event names are ignored: servers add some. Missing parent ids of an
 * object are filled in from the request, and from the thread and the run seen earlier in the stream.
 */
export const decodeRunEvents = (
  requested: { threadId?: string; runId?: string } = {},
): DecodeEvent<ReceivedRunEvent> => {
  let { threadId, runId } = requested;

  return ({ event, data, id }, invalid) => {
    if (!isKnown(event) || data.trim() === ELIDED) return undefined;
    const kind = kinds[event];
    const object = objectOf<Identified>(parentsOf(kind, threadId, runId))(jsonIn(data, invalid), invalid);
    if (kind === 'thread') threadId ??= object.id;
    if (kind === 'run') {
      threadId ??= object.thread_id;
      runId ??= object.id;
    }
    return { event, data: object, id: id ?? null } as ReceivedRunEvent;
  };
};

interface Identified {
  id: string;
  thread_id: string;
}

const isKnown = (event: string | undefined): event is RestRunEvent['event'] =>
  event !== undefined && Object.hasOwn(kinds, event);

const parentsOf = (kind: Kind, threadId: string | undefined, runId: string | undefined) => {
  if (kind === 'thread' || kind === 'delta') return {};
  return kind === 'step' ? { thread_id: threadId, run_id: runId } : { thread_id: threadId };
};

/** Some lines in the API's documentation, and of servers that copied it, end with one `}` too many. */
const jsonIn = (data: string, invalid: (problem: string) => Error): unknown => {
  const text = data.trim();
  const object = parsed(text) ?? (text.endsWith('}}') ? parsed(text.slice(0, -1)) : undefined);
  if (object === undefined) throw invalid('holds an event whose data is not JSON');
  return object;
};

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};
