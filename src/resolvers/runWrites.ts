import type { GraphQLResolveInfo } from 'graphql';
import type { Context } from '../context/context.ts';
import type { RunKey } from '../loaders/run.ts';
import type { Received } from '../rest/received.ts';
import type { RestRun } from '../wire/run.ts';
import { withActiveRunPolicy } from './activeRun.ts';
import { payloadNeedsFileContent } from './fileContent.ts';
import { Edge } from './connection.ts';
import { runList } from './run.ts';
import {
  type CreateRunInput,
  type CreateThreadAndRunInput,
  runBody,
  threadAndRunBody,
  type ModifyRunInput,
  type SubmitToolOutputsToRunInput,
  toolOutputsBody,
} from './runInput.ts';
import { waitUntilSettled, waitMilliseconds } from './waiting.ts';

type Run = Received<RestRun>;

const written = (run: Run, { loaders }: Context) => {
  loaders.runs.wrote(run);
  return { run };
};

const writtenNew = (run: Run, context: Context) => ({
  ...written(run, context),
  runEdge: new Edge(run, runList(run.thread_id)),
});

export const createRun = async (input: CreateRunInput, context: Context, info: GraphQLResolveInfo) => {
  const { threadId, onActiveRun } = input;
  const waitMs = waitMilliseconds(input.waitSeconds);
  const body = runBody(input);
  const include = payloadNeedsFileContent(info);
  const run = await withActiveRunPolicy(onActiveRun, threadId, context, () =>
    context.rest.runs.create(threadId, body, { include }),
  );
  return writtenNew(await waitUntilSettled(run, waitMs, context), context);
};

export const createThreadAndRun = async (input: CreateThreadAndRunInput, context: Context) => {
  const waitMs = waitMilliseconds(input.waitSeconds);
  const run = await context.rest.runs.createWithThread(threadAndRunBody(input));
  return writtenNew(await waitUntilSettled(run, waitMs, context), context);
};

export const modifyRun = async ({ threadId, runId, metadata }: ModifyRunInput, context: Context) =>
  written(await context.rest.runs.modify(threadId, runId, { metadata }), context);

export const cancelRun = async ({ threadId, runId }: RunKey, context: Context) =>
  written(await context.rest.runs.cancel(threadId, runId), context);

export const submitToolOutputsToRun = async (input: SubmitToolOutputsToRunInput, context: Context) => {
  const { threadId, runId } = input;
  const waitMs = waitMilliseconds(input.waitSeconds);
  const run = await context.rest.runs.submitToolOutputs(threadId, runId, toolOutputsBody(input));
  return written(await waitUntilSettled(run, waitMs, context), context);
};
