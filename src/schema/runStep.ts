import { pure } from '../execution/purity.ts';
import { assistantOf } from '../resolvers/assistant.ts';
import { encodeGlobalId } from '../resolvers/globalId.ts';
import { runOf } from '../resolvers/run.ts';
import { runStepById, stepsOf } from '../resolvers/runStep.ts';
import { threadOf } from '../resolvers/thread.ts';
import type { Received } from '../rest/received.ts';
import type { RestRunStep } from '../wire/runStep.ts';
import { Assistant } from './assistant.ts';
import { builder, fromIds, ownList } from './builder.ts';
import { RunStepCompletionUsage } from './completionUsage.ts';
import { edgeTo } from './edgeTo.ts';
import { Node } from './node.ts';
import { UNKNOWN, unknownValue } from './openEnum.ts';
import { Run } from './run.ts';
import { RunLastError } from './runOutcome.ts';
import { orderArg } from './sortOrder.ts';
import { StepDetails } from './stepDetails.ts';
import { Thread } from './thread.ts';

const RunStepType = builder.enumType('RunStepType', {
  description: 'What kind of thing a step did.',
  values: {
    MESSAGE_CREATION: { value: 'message_creation', description: 'It wrote a message.' },
    TOOL_CALLS: { value: 'tool_calls', description: 'It called tools.' },
    ...unknownValue,
  } as const,
});

const RunStepStatus = builder.enumType('RunStepStatus', {
  description: 'How far a step has come.',
  values: {
    IN_PROGRESS: { value: 'in_progress', description: 'It is under way, or waits for outputs.' },
    CANCELLED: { value: 'cancelled', description: 'Its run was cancelled meanwhile.' },
    FAILED: { value: 'failed', description: 'It failed: `lastError` says why.' },
    COMPLETED: { value: 'completed', description: 'It is done.' },
    EXPIRED: { value: 'expired', description: 'Its run expired meanwhile.' },
    ...unknownValue,
  } as const,
});

export const RunStep = builder.objectRef<Received<RestRunStep>>('RunStep').implement({
  description: 'One thing that a run did: wrote a message, or called tools.',
  interfaces: [Node],
  fields: (t) => ({
    id: t.id({
      ...fromIds,
      nullable: false,
      description: 'The global id. For the REST API use `stepId`, `runId` and `threadId`.',
      resolve: pure((step) => encodeGlobalId('RunStep', step.thread_id, step.run_id, step.id)),
    }),
    stepId: t.exposeID('id', { ...fromIds, nullable: false, description: 'The id that REST knows the step by.' }),
    threadId: t.exposeID('thread_id', {
      ...fromIds,
      nullable: false,
      description: 'REST id of the thread that it belongs to.',
    }),
    runId: t.exposeID('run_id', { ...fromIds, nullable: false, description: 'REST id of the run that it belongs to.' }),
    assistantId: t.exposeID('assistant_id', {
      nullable: true,
      description: 'REST id of the assistant at work. Null only where the server leaves it out.',
    }),
    object: t.string({
      nullable: false,
      description: 'What REST calls this kind of object: `thread.run.step`.',
      resolve: pure(() => 'thread.run.step'),
    }),
    createdAt: t.expose('created_at', { type: 'DateTime', nullable: true, description: 'When it was created.' }),
    type: t.field({
      type: RunStepType,
      nullable: false,
      description: 'What kind of thing it did.',
      resolve: pure(({ type }) => type ?? UNKNOWN),
    }),
    status: t.field({
      type: RunStepStatus,
      nullable: false,
      description: 'How far it has come.',
      resolve: pure(({ status }) => status ?? UNKNOWN),
    }),
    stepDetails: t.field({
      type: StepDetails,
      nullable: true,
      description: 'What it did.',
      resolve: pure(({ step_details: details, thread_id }) =>
        details?.type === 'message_creation' ? { ...details, thread_id } : details,
      ),
    }),
    lastError: t.expose('last_error', {
      type: RunLastError,
      nullable: true,
      description: 'Why it failed. Null where it has not.',
    }),
    expiredAt: t.expose('expired_at', {
      type: 'DateTime',
      nullable: true,
      description: 'When it expired. Null where it has not.',
    }),
    cancelledAt: t.expose('cancelled_at', {
      type: 'DateTime',
      nullable: true,
      description: 'When it was cancelled. Null where it was not.',
    }),
    failedAt: t.expose('failed_at', {
      type: 'DateTime',
      nullable: true,
      description: 'When it failed. Null where it has not.',
    }),
    completedAt: t.expose('completed_at', {
      type: 'DateTime',
      nullable: true,
      description: 'When it was done. Null until then.',
    }),
    metadata: t.expose('metadata', { type: 'Metadata', nullable: true, description: 'Notes on it.' }),
    usage: t.expose('usage', {
      type: RunStepCompletionUsage,
      nullable: true,
      description: 'The tokens that it used. Null while it is under way.',
    }),
    thread: t.field({
      ...fromIds,
      type: Thread,
      nullable: true,
      description: edgeTo('The thread that it belongs to.'),
      resolve: (step, _, context, info) => threadOf(step, context, info),
    }),
    run: t.field({
      ...fromIds,
      type: Run,
      nullable: true,
      description: edgeTo('The run that it belongs to.'),
      resolve: (step, _, context, info) => runOf(step, context, info),
    }),
    assistant: t.field({
      type: Assistant,
      nullable: true,
      description: edgeTo('The assistant at work.'),
      resolve: (step, _, context, info) => assistantOf(step, context, info),
    }),
  }),
});

const RunStepEdge = builder.edgeObject({
  type: RunStep,
  name: 'RunStepEdge',
  description: 'A step and where it stands in the list.',
});

const RunStepConnection = builder.connectionObject(
  { type: RunStep, name: 'RunStepConnection', description: 'A page of steps.' },
  RunStepEdge,
);

builder.queryField('runStep', (t) =>
  t.field({
    type: RunStep,
    nullable: true,
    description: 'One step; null where it does not exist. `GET /threads/{thread_id}/runs/{run_id}/steps/{step_id}`',
    args: {
      threadId: t.arg.id({ required: true, description: 'REST id of the thread that it belongs to.' }),
      runId: t.arg.id({ required: true, description: 'REST id of the run that it belongs to.' }),
      stepId: t.arg.id({ required: true, description: 'The id that REST knows the step by.' }),
    },
    resolve: (_, key, context, info) => runStepById(key, context, info),
  }),
);

builder.objectField(Run, 'steps', (t) =>
  t.connection(
    {
      ...ownList,
      type: RunStep,
      nullable: false,
      description: 'What it did, newest first unless told. `GET /threads/{thread_id}/runs/{run_id}/steps`',
      args: orderArg,
      resolve: (run, args, context, info) => stepsOf({ threadId: run.thread_id, runId: run.id }, args, context, info),
    },
    RunStepConnection,
    RunStepEdge,
  ),
);
