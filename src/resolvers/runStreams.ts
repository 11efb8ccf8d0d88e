import type { GraphQLResolveInfo } from 'graphql';
import type { Context } from '../context/context.ts';
import { PollInterval } from '../live/pollInterval.ts';
import { resumingEvents } from '../live/resumingEvents.ts';
import { withFirstValue, cannotReplay, eventsFrom, eventKindOf } from '../live/runEventSource.ts';
import type { RunKey } from '../loaders/run.ts';
import type { Received } from '../rest/received.ts';
import type { ReceivedRunEvent } from '../rest/decodeRunEvent.ts';
import type { EventStream } from '../rest/stream.ts';
import type { RestRun } from '../wire/run.ts';
import { userInputError } from '../context/errors.ts';
import { pastActiveRun } from './activeRun.ts';
import { payloadNeedsFileContent } from './fileContent.ts';
import { writeOptions } from './idempotencyKey.ts';
import {
  type CreateRunInput,
  type CreateThreadAndRunInput,
  createRunBody,
  createThreadAndRunBody,
  type SubmitToolOutputsToRunInput,
  submitToolOutputsBody,
} from './runInput.ts';

/** A stream that the upstream has agreed to, so that a refusal is thrown before anything is subscribed to. */
const agreed = async (stream: EventStream<ReceivedRunEvent>) => {
  await stream.begin();
  return stream;
};

export const createRunStream = async (input: CreateRunInput, context: Context, info: GraphQLResolveInfo) => {
  const { threadId, onActiveRun } = input;
  const body = createRunBody(input);
  const options = { include: payloadNeedsFileContent(info), ...writeOptions(input) };
  return pastActiveRun(onActiveRun, threadId, context, () =>
    agreed(context.rest.runs.createStream(threadId, body, options)),
  );
};

export const createThreadAndRunStream = async (input: CreateThreadAndRunInput, { rest }: Context) =>
  agreed(rest.runs.createWithThreadStream(createThreadAndRunBody(input), writeOptions(input)));

export const submitToolOutputsToRunStream = async (input: SubmitToolOutputsToRunInput, { rest }: Context) => {
  const { threadId, runId } = input;
  return agreed(rest.runs.submitToolOutputsStream(threadId, runId, submitToolOutputsBody(input), writeOptions(input)));
};

/**
 * All events of a run after the one numbered `after`: replayed by the upstream if it can, and otherwise by reading. If the
 * upstream fails for a while, the events continue where they stopped.
 */
export const runEvents = async (key: RunKey, after: number | null | undefined, context: Context) => {
  if (after != null && after < 0) throw userInputError(`\`after\` must be 0 or more, got ${after}.`);
  const open = (last: number) => {
    context.deadline.restart();
    return agreed(context.rest.runs.events(key.threadId, key.runId, last));
  };
  try {
    return resumingEvents(await open(after ?? 0), after ?? 0, open, new PollInterval(context.limits));
  } catch (error) {
    if (!cannotReplay(error)) throw error;
    return withFirstValue(eventsFrom(context.followSnapshot(key)));
  }
};

export const runUpdates = (key: RunKey, { followRun }: Context) => withFirstValue(followRun(key));

/** One event, for whose answer all that is known of other objects is read anew; the run that it brings need not be. */
export const freshEvent = (event: ReceivedRunEvent, context: Context) => {
  context.renew();
  if (eventKindOf(event) === 'run') context.loaders.runs.wrote(event.data as Received<RestRun>);
  return event;
};

export const freshRun = (run: Received<RestRun>, context: Context) => {
  context.renew();
  context.loaders.runs.wrote(run);
  return run;
};
