import type { GraphQLResolveInfo } from 'graphql';
import type { Context } from '../context/context.ts';
import type { RunKey } from '../loaders/run.ts';
import type { Received } from '../rest/received.ts';
import type { RestRun } from '../wire/run.ts';
import { pastActiveRun } from './activeRun.ts';
import { payloadNeedsFileContent } from './fileContent.ts';
import { Edge } from './connection.ts';
import { runList } from './run.ts';
import {
  type CreateRunInput,
  type CreateThreadAndRunInput,
  createRunBody,
  createThreadAndRunBody,
  type ModifyRunInput,
  type SubmitToolOutputsToRunInput,
  submitToolOutputsBody,
} from './runInput.ts';
import { settled, waitMsOf } from './waiting.ts';

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
  const waitMs = waitMsOf(input.waitSeconds);
  const body = createRunBody(input);
  const include = payloadNeedsFileContent(info);
  const run = await pastActiveRun(onActiveRun, threadId, context, () =>
    context.rest.runs.create(threadId, body, { include }),
  );
  return writtenNew(await settled(run, waitMs, context), context);
};

export const createThreadAndRun = async (input: CreateThreadAndRunInput, context: Context) => {
  const waitMs = waitMsOf(input.waitSeconds);
  const run = await context.rest.runs.createWithThread(createThreadAndRunBody(input));
  return writtenNew(await settled(run, waitMs, context), context);
};

export const modifyRun = async ({ threadId, runId, metadata }: ModifyRunInput, context: Context) =>
  written(await context.rest.runs.modify(threadId, runId, { metadata }), context);

export const cancelRun = async ({ threadId, runId }: RunKey, context: Context) =>
  written(await context.rest.runs.cancel(threadId, runId), context);

export const submitToolOutputsToRun = async (input: SubmitToolOutputsToRunInput, context: Context) => {
  const { threadId, runId } = input;
  const waitMs = waitMsOf(input.waitSeconds);
  const run = await context.rest.runs.submitToolOutputs(threadId, runId, submitToolOutputsBody(input));
  return written(await settled(run, waitMs, context), context);
};
