import { pure } from '../execution/purity.ts';
import { assistantOf } from '../resolvers/assistant.ts';
import { stepCost } from '../resolvers/cost.ts';
import { encodeGlobalId } from '../resolvers/globalId.ts';
import { runOf } from '../resolvers/run.ts';
import { runStepById, stepsOf } from '../resolvers/runStep.ts';
import { threadOf } from '../resolvers/thread.ts';
import type { Received } from '../rest/received.ts';
import type { RestRunStep } from '../wire/runStep.ts';
import { Assistant } from './assistant.ts';
import { builder, fromIds } from './builder.ts';
import { RunStepCompletionUsage } from './completionUsage.ts';
import { TokenCost } from './cost.ts';
import { Node } from './node.ts';
import { UNKNOWN, unknownValue } from './openEnum.ts';
import { Run } from './run.ts';
import { RunLastError } from './runOutcome.ts';
import { orderArg } from './sortOrder.ts';
import { StepDetails } from './stepDetails.ts';
import { Thread } from './thread.ts';
import { edgeTo, restField } from './restField.ts';

const RunStepType = builder.enumType('RunStepType', {
  description: 'The type of a run step.',
  values: {
    MESSAGE_CREATION: { value: 'message_creation', description: 'The step created a message.' },
    TOOL_CALLS: { value: 'tool_calls', description: 'The step called tools.' },
    ...unknownValue,
  } as const,
});

const RunStepStatus = builder.enumType('RunStepStatus', {
  description: 'The status of a run step.',
  values: {
    IN_PROGRESS: { value: 'in_progress', description: 'The step is in progress, or is waiting for tool outputs.' },
    CANCELLED: { value: 'cancelled', description: 'The step was cancelled.' },
    FAILED: { value: 'failed', description: 'The step failed. `lastError` gives the error.' },
    COMPLETED: { value: 'completed', description: 'The step completed successfully.' },
    EXPIRED: { value: 'expired', description: 'The run expired during the step.' },
    ...unknownValue,
  } as const,
});

export const RunStep = builder.objectRef<Received<RestRunStep>>('RunStep').implement({
  description: 'A step of a run: it created a message or called tools.',
  interfaces: [Node],
  fields: (t) => ({
    id: t.id({
      ...fromIds,
      nullable: false,
      description: 'The global ID. The REST API uses `threadId`, `runId` and `stepId`.',
      resolve: pure((step) => encodeGlobalId('RunStep', step.thread_id, step.run_id, step.id)),
    }),
    stepId: t.exposeID('id', { ...fromIds, nullable: false, description: 'REST ID of the step.' }),
    threadId: t.exposeID('thread_id', {
      ...fromIds,
      nullable: false,
      description: 'REST ID of the thread.',
    }),
    runId: t.exposeID('run_id', { ...fromIds, nullable: false, description: 'REST ID of the run.' }),
    assistantId: t.exposeID('assistant_id', {
      nullable: true,
      description: 'REST ID of the assistant. Null only if the server does not return it.',
    }),
    object: t.string({
      nullable: false,
      description: 'The object type in the REST API, always `thread.run.step`.',
      resolve: pure(() => 'thread.run.step'),
    }),
    createdAt: t.expose('created_at', {
      type: 'DateTime',
      nullable: true,
      description: 'When the step was created.',
    }),
    type: t.field({
      type: RunStepType,
      nullable: false,
      description: 'The type of the step.',
      resolve: pure(({ type }) => type ?? UNKNOWN),
    }),
    status: t.field({
      type: RunStepStatus,
      nullable: false,
      description: 'The status of the step.',
      resolve: pure(({ status }) => status ?? UNKNOWN),
    }),
    stepDetails: t.field({
      type: StepDetails,
      nullable: true,
      description: 'The details of the step.',
      resolve: pure(({ step_details: details, thread_id }) =>
        details?.type === 'message_creation' ? { ...details, thread_id } : details,
      ),
    }),
    lastError: t.expose('last_error', {
      type: RunLastError,
      nullable: true,
      description: 'The error. Null if the step did not fail.',
    }),
    expiredAt: t.expose('expired_at', {
      type: 'DateTime',
      nullable: true,
      description: 'When the step expired. Null if it did not.',
    }),
    cancelledAt: t.expose('cancelled_at', {
      type: 'DateTime',
      nullable: true,
      description: 'When the step was cancelled. Null if it was not.',
    }),
    failedAt: t.expose('failed_at', {
      type: 'DateTime',
      nullable: true,
      description: 'When the step failed. Null if it did not.',
    }),
    completedAt: t.expose('completed_at', {
      type: 'DateTime',
      nullable: true,
      description: 'When the step completed. Null if it did not.',
    }),
    metadata: t.expose('metadata', { type: 'Metadata', nullable: true, description: 'Custom key-value pairs.' }),
    usage: t.expose('usage', {
      type: RunStepCompletionUsage,
      nullable: true,
      description: 'The tokens used by the step. Null while it is in progress.',
    }),
    cost: t.field({
      type: TokenCost,
      ...restField({
        description:
          'What `usage` cost, by the price of the model of the run. Null if `usage` is null or the model has no known price. Costs a REST call for the run, unless the request reads it anyway.',
      }),
      resolve: (step, _, context) => stepCost(step, context),
    }),
    thread: t.field({
      type: Thread,
      ...edgeTo('The thread of the run.', { fromIds: true }),
      resolve: (step, _, context, info) => threadOf(step, context, info),
    }),
    run: t.field({
      type: Run,
      ...edgeTo('The run that the step belongs to.', { fromIds: true }),
      resolve: (step, _, context, info) => runOf(step, context, info),
    }),
    assistant: t.field({
      type: Assistant,
      ...edgeTo('The assistant of the run.'),
      resolve: (step, _, context, info) => assistantOf(step, context, info),
    }),
  }),
});

const RunStepEdge = builder.edgeObject({
  type: RunStep,
  name: 'RunStepEdge',
  description: 'An edge in a list of run steps.',
});

const RunStepConnection = builder.connectionObject(
  { type: RunStep, name: 'RunStepConnection', description: 'A page of run steps.' },
  RunStepEdge,
);

builder.queryField('runStep', (t) =>
  t.field({
    type: RunStep,
    ...restField({
      description: 'Look up a run step. Null if it does not exist.',
      operation: 'GET /threads/{thread_id}/runs/{run_id}/steps/{step_id}',
    }),
    args: {
      threadId: t.arg.id({ required: true, description: 'REST ID of the thread.' }),
      runId: t.arg.id({ required: true, description: 'REST ID of the run.' }),
      stepId: t.arg.id({ required: true, description: 'REST ID of the step.' }),
    },
    resolve: (_, key, context, info) => runStepById(key, context, info),
  }),
);

builder.objectField(Run, 'steps', (t) =>
  t.connection(
    {
      type: RunStep,
      ...restField({
        description: 'A list of the steps of the run, newest first by default.',
        operation: 'GET /threads/{thread_id}/runs/{run_id}/steps',
        fromIds: true,
        ownList: true,
      }),
      args: orderArg,
      resolve: (run, args, context, info) => stepsOf({ threadId: run.thread_id, runId: run.id }, args, context, info),
    },
    RunStepConnection,
    RunStepEdge,
  ),
);
