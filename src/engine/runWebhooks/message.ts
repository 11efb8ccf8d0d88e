import type { RestRun } from '../../wire/run.ts';
import type { RestRunStatus } from '../../wire/runStatus.ts';
import { newId } from '../ids.ts';
import type { NewRunEvent } from '../store/access/events.ts';
import type { RunWebhookMessage } from '../store/access/runWebhooks.ts';

/** The statuses at which a client has something to do, or nothing more to wait for. */
const reported: ReadonlySet<string> = new Set<RestRunStatus>([
  'requires_action',
  'completed',
  'incomplete',
  'failed',
  'cancelled',
  'expired',
]);

const runEvent = 'thread.run.';

const isReported = ({ event }: NewRunEvent) => event.startsWith(runEvent) && reported.has(event.slice(runEvent.length));

/** The messages for webhooks that report these events of a run: its ids and its status, and no contents. */
export const webhookMessagesOf = (run: RestRun, events: readonly NewRunEvent[]): RunWebhookMessage[] =>
  events.filter(isReported).map(({ event }) => {
    const data = {
      run_id: run.id,
      thread_id: run.thread_id,
      assistant_id: run.assistant_id,
      status: event.slice(runEvent.length),
    };
    return { id: newId('evt'), body: JSON.stringify({ type: event, timestamp: new Date().toISOString(), data }) };
  });
