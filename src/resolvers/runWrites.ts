import type { GraphQLResolveInfo } from 'graphql';
import type { Context } from '../context/context.ts';
import type { RunKey } from '../loaders/run.ts';
import type { WriteOptions } from '../rest/callerOptions.ts';
import type { Received } from '../rest/received.ts';
import type { RestRun } from '../wire/run.ts';
import { withActiveRunPolicy } from './activeRun.ts';
import { payloadNeedsFileContent } from './fileContent.ts';
import { Edge } from './connection.ts';
import { writeOptions } from './idempotencyKey.ts';
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
import { createBoth } from './threadAndRun.ts';
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
  const options = { include: payloadNeedsFileContent(info), ...writeOptions(input) };
  const run = await withActiveRunPolicy(onActiveRun, threadId, context, () =>
    context.rest.runs.create(threadId, body, options),
  );
  return writtenNew(await waitUntilSettled(run, waitMs, context), context);
};

export const createThreadAndRun = async (input: CreateThreadAndRunInput, context: Context) => {
  const waitMs = waitMilliseconds(input.waitSeconds);
  const { runs } = context.rest;
  const run = await createBoth(threadAndRunBody(input), writeOptions(input), context, {
    both: runs.createWithThread,
    run: runs.create,
  });
  return writtenNew(await waitUntilSettled(run, waitMs, context), context);
};

export const modifyRun = async (input: ModifyRunInput, context: Context) => {
  const { threadId, runId, metadata } = input;
  return written(await context.rest.runs.modify(threadId, runId, { metadata }, writeOptions(input)), context);
};

export const cancelRun = async (input: RunKey & WriteOptions, context: Context) =>
  written(await context.rest.runs.cancel(input.threadId, input.runId, writeOptions(input)), context);

export const submitToolOutputsToRun = async (input: SubmitToolOutputsToRunInput, context: Context) => {
  const { threadId, runId } = input;
  const waitMs = waitMilliseconds(input.waitSeconds);
  const body = toolOutputsBody(input);
  const run = await context.rest.runs.submitToolOutputs(threadId, runId, body, writeOptions(input));
  return written(await waitUntilSettled(run, waitMs, context), context);
};
