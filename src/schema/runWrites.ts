import { cancelRun, createRun, createThreadAndRun, modifyRun, submitToolOutputsToRun } from '../resolvers/runWrites.ts';
import { threadOf } from '../resolvers/thread.ts';
import { onActiveRun } from './activeRunPolicy.ts';
import { builder, type InputFields } from './builder.ts';
import { answered, clientMutation, clientMutationIdOutput } from './clientMutation.ts';
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

const threadId = { required: true, description: 'REST id of the thread that it works on.' } as const;

const key = (t: InputFields) => ({
  threadId: t.id(threadId),
  runId: t.id({ required: true, description: 'REST id of the run.' }),
});

const waiting = (t: InputFields) => ({
  waitSeconds: t.int({
    defaultValue: 0,
    description:
      'How many seconds the answer waits for the run to end or to need action; 0 to 60. If the time is up first, the payload holds the run as it is then. Not for subscriptions.',
  }),
});

const options = (t: InputFields) => ({
  assistantId: t.id({ required: true, description: 'REST id of the assistant that is to work.' }),
  model: t.string({ description: "The model to run on, in place of the assistant's." }),
  instructions: t.string({ description: "The system instructions to run under, in place of the assistant's." }),
  tools: t.field({
    type: [ToolInputType],
    description: "The tools that it may use, in place of the assistant's; up to 20.",
  }),
  metadata: t.field({ type: 'Metadata', description: 'Your own notes on the run.' }),
  temperature: t.float({ description: "How freely the model picks its words, in place of the assistant's; 0 to 2." }),
  topP: t.float({
    description: "The share of the probability mass that words are picked from, in place of the assistant's; 0 to 1.",
  }),
  maxPromptTokens: t.int({
    description:
      'The most tokens that the run may read, over all of its steps; 256 or more. Past it the run ends as `INCOMPLETE`.',
  }),
  maxCompletionTokens: t.int({
    description:
      'The most tokens that the run may write, over all of its steps; 256 or more. Past it the run ends as `INCOMPLETE`.',
  }),
  truncationStrategy: t.field({
    type: TruncationInput,
    description: 'How a thread that is too long is shortened for the model.',
  }),
  toolChoice: t.field({
    type: ToolChoiceInputType,
    description: 'Whether the model may, must or must not use tools, and which.',
  }),
  parallelToolCalls: t.boolean({
    description: 'Whether the model may call several functions at once; true unless told.',
  }),
  responseFormat: t.field({ type: ResponseFormatInputType, description: 'The form that the model must answer in.' }),
});

export const { inputType: CreateRunInputType } = builder.relayMutationField(
  'createRun',
  {
    description: 'A run to be. Its thread must not have another active run.',
    inputFields: (t) => ({
      threadId: t.id(threadId),
      ...options(t),
      reasoningEffort: t.field({
        type: ReasoningEffort,
        description: 'How much a reasoning model thinks before it answers. Never read back.',
      }),
      additionalInstructions: t.string({ description: 'Put behind the instructions, without replacing them.' }),
      additionalMessages: t.field({
        type: [MessageInputType],
        description: 'Messages to add to the thread before the run starts, the oldest first.',
      }),
      onActiveRun: onActiveRun(t),
      ...waiting(t),
      ...clientMutation(t),
    }),
  },
  {
    nullable: false,
    description: 'Has an assistant work on a thread. `POST /threads/{thread_id}/runs`',
    resolve: (_, { input }, context, info) => answered(input, (body) => createRun(body, context, info)),
  },
  {
    description: 'The new run.',
    outputFields: (t) => ({
      run: t.expose('run', { type: Run, nullable: true, description: 'The run, most often still `QUEUED`.' }),
      runEdge: t.expose('runEdge', {
        type: RunEdge,
        nullable: true,
        description: "The run as a member of its thread's `runs`, to be put into a list that is already at hand.",
      }),
      clientMutationId: t.exposeString('clientMutationId', clientMutationIdOutput),
    }),
  },
);

export const { inputType: CreateThreadAndRunInputType } = builder.relayMutationField(
  'createThreadAndRun',
  {
    description: 'A thread to be, and the run on it.',
    inputFields: (t) => ({
      ...options(t),
      thread: t.field({ type: ThreadInputType, description: 'The thread; an empty one where this is left out.' }),
      toolResources: t.field({ type: ToolResourcesInputType, description: 'What the tools of the run may draw on.' }),
      ...waiting(t),
      ...clientMutation(t),
    }),
  },
  {
    nullable: false,
    description: 'Creates a thread and has an assistant work on it. `POST /threads/runs`',
    resolve: (_, { input }, context) => answered(input, (body) => createThreadAndRun(body, context)),
  },
  {
    description: 'The new run, and its thread.',
    outputFields: (t) => ({
      run: t.expose('run', { type: Run, nullable: true, description: 'The run, most often still `QUEUED`.' }),
      runEdge: t.expose('runEdge', {
        type: RunEdge,
        nullable: true,
        description: "The run as a member of its thread's `runs`.",
      }),
      thread: t.field({
        type: Thread,
        nullable: true,
        description: 'The thread. Selecting nothing but ids costs no REST call.',
        resolve: ({ run }, _, context, info) => threadOf(run, context, info),
      }),
      clientMutationId: t.exposeString('clientMutationId', clientMutationIdOutput),
    }),
  },
);

builder.relayMutationField(
  'modifyRun',
  {
    description: 'What to change of a run: its metadata, and nothing else.',
    inputFields: (t) => ({
      ...key(t),
      metadata: t.field({ type: 'Metadata', description: 'Your own notes on it.' }),
      ...clientMutation(t),
    }),
  },
  {
    nullable: false,
    description: 'Changes the metadata of a run. `POST /threads/{thread_id}/runs/{run_id}`',
    resolve: (_, { input }, context) => answered(input, (body) => modifyRun(body, context)),
  },
  {
    description: 'The changed run.',
    outputFields: (t) => ({
      run: t.expose('run', { type: Run, nullable: true, description: 'The run.' }),
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
    nullable: false,
    description: 'Cancels a run that has not ended. `POST /threads/{thread_id}/runs/{run_id}/cancel`',
    resolve: (_, { input }, context) => answered(input, (body) => cancelRun(body, context)),
  },
  {
    description: 'The run on its way to its end.',
    outputFields: (t) => ({
      run: t.expose('run', { type: Run, nullable: true, description: 'The run, `CANCELLING` or already `CANCELLED`.' }),
      clientMutationId: t.exposeString('clientMutationId', clientMutationIdOutput),
    }),
  },
);

const ToolOutputInput = builder.inputType('ToolOutputInput', {
  description: 'What a function returned.',
  fields: (t) => ({
    toolCallId: t.id({ description: 'The `id` of the call in `requiredAction`.' }),
    output: t.string({ description: 'What the function returned. Kept to the byte; encode JSON yourself.' }),
  }),
});

export const { inputType: SubmitToolOutputsToRunInputType } = builder.relayMutationField(
  'submitToolOutputsToRun',
  {
    description: 'The outputs that a run waits for.',
    inputFields: (t) => ({
      ...key(t),
      toolOutputs: t.field({
        type: [ToolOutputInput],
        required: true,
        description: 'One output for every call in `requiredAction`, all of them at once.',
      }),
      ...waiting(t),
      ...clientMutation(t),
    }),
  },
  {
    nullable: false,
    description:
      'Submits the outputs that a run in `REQUIRES_ACTION` waits for. `POST /threads/{thread_id}/runs/{run_id}/submit_tool_outputs`',
    resolve: (_, { input }, context) => answered(input, (body) => submitToolOutputsToRun(body, context)),
  },
  {
    description: 'The run, which goes on.',
    outputFields: (t) => ({
      run: t.expose('run', { type: Run, nullable: true, description: 'The run, most often `QUEUED` again.' }),
      clientMutationId: t.exposeString('clientMutationId', clientMutationIdOutput),
    }),
  },
);
