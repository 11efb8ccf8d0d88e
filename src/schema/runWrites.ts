import { cancelRun, createRun, createThreadAndRun, modifyRun, submitToolOutputsToRun } from '../resolvers/runWrites.ts';
import { threadOf } from '../resolvers/thread.ts';
import { onActiveRun } from './activeRunPolicy.ts';
import { builder, type InputFields } from './builder.ts';
import { clientMutation, clientMutationIdOutput, payloadOf } from './clientMutation.ts';
import { MessageInputType } from './messageInput.ts';
import { ReasoningEffort } from './reasoningEffort.ts';
import { ResponseFormatInputType } from './responseFormat.ts';
import { Run, RunEdge } from './run.ts';
import { Thread } from './thread.ts';
import { ThreadInputType } from './threadWrites.ts';
import { ToolChoiceInputType } from './toolChoice.ts';
import { ToolInputType } from './toolInput.ts';
import { ToolResourcesInputType } from './toolResources.ts';
import { TruncationInput } from './truncation.ts';
import { restField } from './restField.ts';

const threadId = { required: true, description: 'REST ID of the thread.' } as const;

const key = (t: InputFields) => ({
  threadId: t.id(threadId),
  runId: t.id({ required: true, description: 'REST ID of the run.' }),
});

const waiting = (t: InputFields) => ({
  waitSeconds: t.int({
    defaultValue: 0,
    description:
      'How long to wait for the run to end or to require action, in seconds, from 0 to 60. When the time is up, the payload has the run in its current state. Ignored by subscriptions.',
  }),
});

const options = (t: InputFields) => ({
  assistantId: t.id({ required: true, description: 'REST ID of the assistant to run.' }),
  model: t.string({ description: 'Overrides the model of the assistant.' }),
  instructions: t.string({ description: 'Overrides the instructions of the assistant.' }),
  tools: t.field({
    type: [ToolInputType],
    description: 'Overrides the tools of the assistant. Up to 20.',
  }),
  metadata: t.field({ type: 'Metadata', description: 'Custom key-value pairs.' }),
  temperature: t.float({ description: 'Overrides the sampling temperature of the assistant. From 0 to 2.' }),
  topP: t.float({
    description: 'Overrides the nucleus sampling threshold of the assistant. From 0 to 1.',
  }),
  maxPromptTokens: t.int({
    description:
      'The maximum number of prompt tokens over all steps of the run. At least 256. If it is exceeded, the run ends as `INCOMPLETE`.',
  }),
  maxCompletionTokens: t.int({
    description:
      'The maximum number of completion tokens over all steps of the run. At least 256. If it is exceeded, the run ends as `INCOMPLETE`.',
  }),
  truncationStrategy: t.field({
    type: TruncationInput,
    description: 'How the thread is truncated to fit into the context of the model.',
  }),
  toolChoice: t.field({
    type: ToolChoiceInputType,
    description: 'Which tools the model can or must use.',
  }),
  parallelToolCalls: t.boolean({
    description: 'Whether the model can call several functions in parallel. Defaults to true.',
  }),
  responseFormat: t.field({ type: ResponseFormatInputType, description: 'The format that the model must output.' }),
});

export const { inputType: CreateRunInputType } = builder.relayMutationField(
  'createRun',
  {
    description: 'The run to create. If its thread has an active run, see `onActiveRun`.',
    inputFields: (t) => ({
      threadId: t.id(threadId),
      ...options(t),
      reasoningEffort: t.field({
        type: ReasoningEffort,
        description: 'How much effort a reasoning model puts into reasoning. The REST API never returns it.',
      }),
      additionalInstructions: t.string({ description: 'Text to append to the instructions.' }),
      additionalMessages: t.field({
        type: [MessageInputType],
        description: 'Messages to add to the thread before the run starts, oldest first.',
      }),
      onActiveRun: onActiveRun(t),
      ...waiting(t),
      ...clientMutation(t),
    }),
  },
  {
    ...restField({
      description: 'Creates a run: executes an assistant on a thread.',
      operation: 'POST /threads/{thread_id}/runs',
    }),
    resolve: (_, { input }, context, info) => payloadOf(input, (body) => createRun(body, context, info)),
  },
  {
    description: 'The result of creating a run.',
    outputFields: (t) => ({
      run: t.expose('run', { type: Run, nullable: false, description: 'The run, usually `QUEUED`.' }),
      runEdge: t.expose('runEdge', {
        type: RunEdge,
        nullable: false,
        description: 'The edge of the run in `Thread.runs`, for adding it to a cached list.',
      }),
      clientMutationId: t.exposeString('clientMutationId', clientMutationIdOutput),
    }),
  },
);

export const { inputType: CreateThreadAndRunInputType } = builder.relayMutationField(
  'createThreadAndRun',
  {
    description: 'The thread to create and the run to create on it.',
    inputFields: (t) => ({
      ...options(t),
      thread: t.field({ type: ThreadInputType, description: 'The thread to create. Defaults to an empty thread.' }),
      toolResources: t.field({
        type: ToolResourcesInputType,
        description: 'The files and vector stores that the tools can use.',
      }),
      ...waiting(t),
      ...clientMutation(t),
    }),
  },
  {
    ...restField({ description: 'Creates a thread and a run on it.', operation: 'POST /threads/runs' }),
    resolve: (_, { input }, context) => payloadOf(input, (body) => createThreadAndRun(body, context)),
  },
  {
    description: 'The result of creating a thread and a run.',
    outputFields: (t) => ({
      run: t.expose('run', { type: Run, nullable: false, description: 'The run, usually `QUEUED`.' }),
      runEdge: t.expose('runEdge', {
        type: RunEdge,
        nullable: false,
        description: 'The edge of the run in `Thread.runs`, for adding it to a cached list.',
      }),
      thread: t.field({
        type: Thread,
        ...restField({
          description: 'The thread. Selecting only IDs costs no REST call. Null if it cannot be read.',
        }),
        resolve: ({ run }, _, context, info) => threadOf(run, context, info),
      }),
      clientMutationId: t.exposeString('clientMutationId', clientMutationIdOutput),
    }),
  },
);

builder.relayMutationField(
  'modifyRun',
  {
    description: 'The changes to a run. Only its metadata can be modified.',
    inputFields: (t) => ({
      ...key(t),
      metadata: t.field({ type: 'Metadata', description: 'Custom key-value pairs.' }),
      ...clientMutation(t),
    }),
  },
  {
    ...restField({
      description: 'Modifies the metadata of a run.',
      operation: 'POST /threads/{thread_id}/runs/{run_id}',
    }),
    resolve: (_, { input }, context) => payloadOf(input, (body) => modifyRun(body, context)),
  },
  {
    description: 'The result of modifying a run.',
    outputFields: (t) => ({
      run: t.expose('run', { type: Run, nullable: false, description: 'The run.' }),
      clientMutationId: t.exposeString('clientMutationId', clientMutationIdOutput),
    }),
  },
);

builder.relayMutationField(
  'cancelRun',
  {
    description: 'The run to cancel.',
    inputFields: (t) => ({ ...key(t), ...clientMutation(t) }),
  },
  {
    ...restField({
      description: 'Cancels a run that has not ended.',
      operation: 'POST /threads/{thread_id}/runs/{run_id}/cancel',
    }),
    resolve: (_, { input }, context) => payloadOf(input, (body) => cancelRun(body, context)),
  },
  {
    description: 'The result of cancelling a run.',
    outputFields: (t) => ({
      run: t.expose('run', {
        type: Run,
        nullable: false,
        description: 'The run, `CANCELLING` or already `CANCELLED`.',
      }),
      clientMutationId: t.exposeString('clientMutationId', clientMutationIdOutput),
    }),
  },
);

const ToolOutputInput = builder.inputType('ToolOutputInput', {
  description: 'The output of a function call.',
  fields: (t) => ({
    toolCallId: t.id({ description: 'The `id` of the call in `requiredAction`. Servers reject an output without it.' }),
    output: t.string({ description: 'The output of the function, kept byte for byte. Encode JSON as a string.' }),
  }),
});

export const { inputType: SubmitToolOutputsToRunInputType } = builder.relayMutationField(
  'submitToolOutputsToRun',
  {
    description: 'The outputs that a run is waiting for.',
    inputFields: (t) => ({
      ...key(t),
      toolOutputs: t.field({
        type: [ToolOutputInput],
        required: true,
        description: 'The outputs, one for each call in `requiredAction`.',
      }),
      ...waiting(t),
      ...clientMutation(t),
    }),
  },
  {
    ...restField({
      description: 'Submits the tool outputs that a run in `REQUIRES_ACTION` is waiting for.',
      operation: 'POST /threads/{thread_id}/runs/{run_id}/submit_tool_outputs',
    }),
    resolve: (_, { input }, context) => payloadOf(input, (body) => submitToolOutputsToRun(body, context)),
  },
  {
    description: 'The result of submitting tool outputs.',
    outputFields: (t) => ({
      run: t.expose('run', { type: Run, nullable: false, description: 'The run, usually `QUEUED` again.' }),
      clientMutationId: t.exposeString('clientMutationId', clientMutationIdOutput),
    }),
  },
);
