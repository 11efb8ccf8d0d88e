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
import { withActiveRunPolicy } from './activeRun.ts';
import { payloadNeedsFileContent } from './fileContent.ts';
import { writeOptions } from './idempotencyKey.ts';
import { withGraphNames } from './graphNames.ts';
import { createBoth } from './threadAndRun.ts';
import {
  type CreateRunInput,
  type CreateThreadAndRunInput,
  runBody,
  threadAndRunBody,
  type SubmitToolOutputsToRunInput,
  toolOutputsBody,
} from './runInput.ts';

/** The stream, once the upstream has accepted the request. If it rejects the request, subscribing fails with its error. */
const accepted = (stream: EventStream<ReceivedRunEvent>) =>
  withGraphNames(async () => {
    await stream.begin();
    return stream;
  });

export const createRunStream = async (input: CreateRunInput, context: Context, info: GraphQLResolveInfo) => {
  const { threadId, onActiveRun } = input;
  const body = runBody(input);
  const options = { include: payloadNeedsFileContent(info), ...writeOptions(input) };
  return withActiveRunPolicy(onActiveRun, threadId, context, () =>
    accepted(context.rest.runs.createStream(threadId, body, options)),
  );
};

export const createThreadAndRunStream = async (input: CreateThreadAndRunInput, context: Context) => {
  const { runs } = context.rest;
  return createBoth(threadAndRunBody(input), writeOptions(input), context, {
    both: (body, write) => accepted(runs.createWithThreadStream(body, write)),
    run: (threadId, body, write) => accepted(runs.createStream(threadId, body, write)),
  });
};

export const submitToolOutputsToRunStream = async (input: SubmitToolOutputsToRunInput, { rest }: Context) => {
  const { threadId, runId } = input;
  return accepted(rest.runs.submitToolOutputsStream(threadId, runId, toolOutputsBody(input), writeOptions(input)));
};

/**
 * The events of a run after number `after`: replayed by the upstream if it can, otherwise by polling the run. If the upstream
 * fails for a while, the events continue where they stopped.
 */
export const subscribeRunEvents = async (key: RunKey, after: number | null | undefined, context: Context) => {
  if (after != null && after < 0) throw userInputError(`\`after\` must be 0 or more, got ${after}.`);
  const open = (last: number) => {
    context.deadline.restart();
    return accepted(context.rest.runs.events(key.threadId, key.runId, last));
  };
  try {
    return resumingEvents(await open(after ?? 0), after ?? 0, open, new PollInterval(context.limits));
  } catch (error) {
    if (!cannotReplay(error)) throw error;
    return withFirstValue(eventsFrom(context.followSnapshot(key)));
  }
};

export const subscribeRunUpdates = (key: RunKey, { followRun }: Context) => withFirstValue(followRun(key));

/** The source of one event's result. Other objects are read again for it, but not the run that the event carries. */
export const resolveEvent = (event: ReceivedRunEvent, context: Context) => {
  context.renew();
  if (eventKindOf(event) === 'run') context.loaders.runs.wrote(event.data as Received<RestRun>);
  return event;
};

export const resolveRun = (run: Received<RestRun>, context: Context) => {
  context.renew();
  context.loaders.runs.wrote(run);
  return run;
};
