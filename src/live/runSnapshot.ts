import { isDeepStrictEqual } from 'node:util';
import { InvalidResponseError } from '../rest/errors/invalidResponseError.ts';
import { path } from '../rest/path.ts';
import { nullIfMissing } from '../loaders/objectLoader.ts';
import type { RunKey } from '../loaders/run.ts';
import type { Received } from '../rest/received.ts';
import type { Rest } from '../rest/rest.ts';
import type { ReceivedRunEvent } from '../rest/decodeRunEvent.ts';
import type { RestMessage } from '../wire/message.ts';
import type { RestRun } from '../wire/run.ts';
import type { RestRunStep } from '../wire/runStep.ts';

/** Everything that can be read of a run: the run, its steps from the first, and its finished messages. */
export interface RunSnapshot {
  run: Received<RestRun>;
  steps: Received<RestRunStep>[];
  messages: Received<RestMessage>[];
}

/** Reads a run with its steps and messages. Finished messages in `known` are not read again. */
export const readSnapshot = async (rest: Rest, key: RunKey, known: RunSnapshot | undefined) => {
  const { threadId, runId } = key;
  // The run first: a step that is added after that belongs to a later state of the run, and is read with it.
  const { object: run, pollAfterMs } = await rest.runs.poll(threadId, runId);
  const steps = await allSteps(rest, key);
  const written = await Promise.all(
    steps.flatMap(finishedMessageIds).map(async (messageId) => {
      const message = known?.messages.find(({ id }) => id === messageId);
      // A message may be deleted while its run continues.
      return message ?? nullIfMissing(rest.messages.retrieve(threadId, messageId));
    }),
  );
  return { object: { run, steps, messages: written.filter((message) => message !== null) }, pollAfterMs };
};

/** No run takes more: a server that lists more does not end its lists. */
const MAX_STEPS = 10_000;

const allSteps = async (rest: Rest, { threadId, runId }: RunKey) => {
  const steps: Received<RestRunStep>[] = [];
  const known = new Set<string>();
  const invalid = (problem: string) =>
    new InvalidResponseError(
      { method: 'GET', path: path`/threads/${threadId}/runs/${runId}/steps` },
      { status: 200, contentType: null },
      problem,
    );
  for (;;) {
    const after = steps.at(-1)?.id;
    const page = await rest.runSteps.list(threadId, runId, { limit: 100, order: 'asc', after });
    const [head] = page.data;
    if (head !== undefined && known.has(head.id))
      throw invalid(`repeats the steps up to ${after}: it ignores \`after\``);
    for (const step of page.data) known.add(step.id);
    steps.push(...page.data);
    if (!page.has_more || page.data.length === 0) return steps;
    if (steps.length >= MAX_STEPS) throw invalid(`is one of more than ${MAX_STEPS / 100} full pages of steps`);
  }
};

/** The id of the message that a finished step has created; empty for other steps. */
const finishedMessageIds = ({ status, step_details: details }: Received<RestRunStep>): string[] => {
  if (status === 'in_progress' || details?.type !== 'message_creation') return [];
  return details.message_creation?.message_id == null ? [] : [details.message_creation.message_id];
};

/** The changes between two snapshots as the events of a stream, with whole objects in place of deltas. */
export const eventsBetween = (before: RunSnapshot | undefined, after: RunSnapshot): ReceivedRunEvent[] => [
  ...changed(before?.steps, after.steps).map((step) => event(`thread.run.step.${step.status ?? 'in_progress'}`, step)),
  ...changed(before?.messages, after.messages).map((message) =>
    event(`thread.message.${message.status ?? 'completed'}`, message),
  ),
  ...(isSameState(before?.run, after.run) ? [] : [event(`thread.run.${after.run.status ?? 'queued'}`, after.run)]),
];

/** Compares the required action too: between two reads a run may have continued and require action again. */
const isSameState = (before: Received<RestRun> | undefined, after: Received<RestRun>) =>
  before?.status === after.status && isDeepStrictEqual(before?.required_action, after.required_action);

const changed = <Item extends { id: string; status?: string | null | undefined }>(
  before: Item[] = [],
  after: Item[],
) => {
  const known = new Map(before.map(({ id, status }) => [id, status]));
  return after.filter(({ id, status }) => !known.has(id) || known.get(id) !== status);
};

const event = (name: string, data: object) => ({ event: name, data, id: null }) as ReceivedRunEvent;
