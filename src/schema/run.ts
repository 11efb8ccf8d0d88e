import { pure } from '../execution/purity.ts';
import { assistantOf } from '../resolvers/assistant.ts';
import { hasEnded } from '../live/ended.ts';
import { runCost } from '../resolvers/cost.ts';
import { encodeGlobalId } from '../resolvers/globalId.ts';
import { messagesOf } from '../resolvers/message.ts';
import { durationOf, runById, runOf, runsOf } from '../resolvers/run.ts';
import { threadOf } from '../resolvers/thread.ts';
import type { Received } from '../rest/received.ts';
import type { RestRun } from '../wire/run.ts';
import { Assistant } from './assistant.ts';
import { builder, fromIds } from './builder.ts';
import { RunCompletionUsage } from './completionUsage.ts';
import { configOnly, TokenCost } from './cost.ts';
import { Message, MessageConnection, MessageEdge } from './message.ts';
import { Node } from './node.ts';
import { UNKNOWN } from './openEnum.ts';
import { RequiredAction } from './requiredAction.ts';
import { ResponseFormat } from './responseFormat.ts';
import { RunIncompleteDetails, RunLastError, RunStatus } from './runOutcome.ts';
import { orderArg } from './sortOrder.ts';
import { Thread } from './thread.ts';
import { Tool } from './tool.ts';
import { ToolChoice } from './toolChoice.ts';
import { Truncation } from './truncation.ts';
import { edgeTo, restField } from './restField.ts';

export const Run = builder.objectRef<Received<RestRun>>('Run').implement({
  description: 'An execution of an assistant on a thread. A thread has at most one active run at a time.',
  interfaces: [Node],
  fields: (t) => ({
    id: t.id({
      ...fromIds,
      nullable: false,
      description: 'The global ID. The REST API uses `threadId` and `runId`.',
      resolve: pure((run) => encodeGlobalId('Run', run.thread_id, run.id)),
    }),
    runId: t.exposeID('id', { ...fromIds, nullable: false, description: 'REST ID of the run.' }),
    threadId: t.exposeID('thread_id', {
      ...fromIds,
      nullable: false,
      description: 'REST ID of the thread.',
    }),
    assistantId: t.exposeID('assistant_id', {
      nullable: true,
      description: 'REST ID of the assistant. Null only if the server does not return it.',
    }),
    object: t.string({
      nullable: false,
      description: 'The object type in the REST API, always `thread.run`.',
      resolve: pure(() => 'thread.run'),
    }),
    createdAt: t.expose('created_at', {
      type: 'DateTime',
      nullable: true,
      description: 'When the run was created.',
    }),
    status: t.field({
      type: RunStatus,
      nullable: false,
      description: 'The status of the run.',
      resolve: pure(({ status }) => status ?? UNKNOWN),
    }),
    isTerminal: t.boolean({
      nullable: false,
      description:
        'Whether the run has ended: its status is `COMPLETED`, `INCOMPLETE`, `FAILED`, `CANCELLED` or `EXPIRED`.',
      resolve: pure(hasEnded),
    }),
    requiredAction: t.expose('required_action', {
      type: RequiredAction,
      nullable: true,
      description: 'The action that the run is waiting for. Null unless `status` is `REQUIRES_ACTION`.',
    }),
    lastError: t.expose('last_error', {
      type: RunLastError,
      nullable: true,
      description: 'The last error. Null if there was none.',
    }),
    incompleteDetails: t.expose('incomplete_details', {
      type: RunIncompleteDetails,
      nullable: true,
      description: 'Why the run is incomplete. Null unless `status` is `INCOMPLETE`.',
    }),
    expiresAt: t.expose('expires_at', {
      type: 'DateTime',
      nullable: true,
      description: 'When the run expires unless it ends earlier. Null after it has ended.',
    }),
    startedAt: t.expose('started_at', {
      type: 'DateTime',
      nullable: true,
      description:
        'When the run last started, which includes continuing after tool outputs were submitted. Null until it has started.',
    }),
    cancelledAt: t.expose('cancelled_at', {
      type: 'DateTime',
      nullable: true,
      description: 'When the run was cancelled. Null if it was not.',
    }),
    failedAt: t.expose('failed_at', {
      type: 'DateTime',
      nullable: true,
      description: 'When the run failed. Null if it did not.',
    }),
    completedAt: t.expose('completed_at', {
      type: 'DateTime',
      nullable: true,
      description: 'When the run ended as `COMPLETED`, or on some servers as `INCOMPLETE`. Null otherwise.',
    }),
    duration: t.int({
      nullable: true,
      description: 'Whole seconds from `startedAt` to the end of the run. Null until it has ended, and if it expired.',
      resolve: durationOf,
    }),
    model: t.exposeString('model', { nullable: true, description: 'The model that the run uses.' }),
    instructions: t.exposeString('instructions', {
      nullable: true,
      description: 'The system instructions that the run uses.',
    }),
    tools: t.field({
      type: [Tool],
      nullable: false,
      description: 'The tools that the run can use.',
      resolve: pure(({ tools }) => tools ?? []),
    }),
    metadata: t.expose('metadata', { type: 'Metadata', nullable: true, description: 'Custom key-value pairs.' }),
    usage: t.expose('usage', {
      type: RunCompletionUsage,
      nullable: true,
      description: 'The tokens used by the run. Null until it has ended.',
    }),
    cost: t.field({
      type: TokenCost,
      ...configOnly,
      nullable: true,
      description:
        'What `usage` cost, by the price of `model` on the day of the run. All prompt tokens are priced in full if `cachedPromptTokens` is null. Null if `usage` is null, if the model has no known price, or if its price rises with the length of a prompt and the run may have reached the higher price.',
      resolve: (run, _, context) => runCost(run, context),
    }),
    temperature: t.exposeFloat('temperature', {
      nullable: true,
      description: 'The sampling temperature, from 0 to 2. Higher values make the output more random.',
    }),
    topP: t.exposeFloat('top_p', {
      nullable: true,
      description: 'The nucleus sampling threshold, from 0 to 1.',
    }),
    maxPromptTokens: t.exposeInt('max_prompt_tokens', {
      nullable: true,
      description: 'The maximum number of prompt tokens over all steps of the run. Null if there is no limit.',
    }),
    maxCompletionTokens: t.exposeInt('max_completion_tokens', {
      nullable: true,
      description: 'The maximum number of completion tokens over all steps of the run. Null if there is no limit.',
    }),
    truncationStrategy: t.expose('truncation_strategy', {
      type: Truncation,
      nullable: true,
      description: 'How the thread is truncated to fit into the context of the model.',
    }),
    toolChoice: t.expose('tool_choice', {
      type: ToolChoice,
      nullable: true,
      description: 'Which tools the model can or must use.',
    }),
    parallelToolCalls: t.exposeBoolean('parallel_tool_calls', {
      nullable: true,
      description: 'Whether the model can call several functions in parallel.',
    }),
    responseFormat: t.expose('response_format', {
      type: ResponseFormat,
      nullable: true,
      description: 'The format that the model must output.',
    }),
    thread: t.field({
      type: Thread,
      ...edgeTo('The thread of the run.', { fromIds: true }),
      resolve: (run, _, context, info) => threadOf(run, context, info),
    }),
    assistant: t.field({
      type: Assistant,
      ...edgeTo('The assistant of the run.'),
      resolve: (run, _, context, info) => assistantOf(run, context, info),
    }),
    messages: t.connection(
      {
        type: Message,
        ...restField({
          description: 'A list of the messages that the run generated, newest first by default.',
          operation: 'GET /threads/{thread_id}/messages?run_id=',
          fromIds: true,
        }),
        args: orderArg,
        resolve: (run, args, context, info) =>
          messagesOf({ threadId: run.thread_id, runId: run.id }, args, context, info),
      },
      MessageConnection,
      MessageEdge,
    ),
  }),
});

export const RunEdge = builder.edgeObject({
  type: Run,
  name: 'RunEdge',
  description: 'An edge in a list of runs.',
});

const RunConnection = builder.connectionObject(
  { type: Run, name: 'RunConnection', description: 'A page of runs.' },
  RunEdge,
);

builder.queryField('run', (t) =>
  t.field({
    type: Run,
    ...restField({
      description: 'Look up a run. Null if it does not exist.',
      operation: 'GET /threads/{thread_id}/runs/{run_id}',
    }),
    args: {
      threadId: t.arg.id({ required: true, description: 'REST ID of the thread.' }),
      runId: t.arg.id({ required: true, description: 'REST ID of the run.' }),
    },
    resolve: (_, key, context, info) => runById(key, context, info),
  }),
);

builder.objectField(Thread, 'runs', (t) =>
  t.connection(
    {
      type: Run,
      ...restField({
        description: 'A list of the runs on the thread, newest first by default.',
        operation: 'GET /threads/{thread_id}/runs',
        fromIds: true,
        ownList: true,
      }),
      args: orderArg,
      resolve: ({ id }, args, context, info) => runsOf(id, args, context, info),
    },
    RunConnection,
    RunEdge,
  ),
);

builder.objectField(Message, 'run', (t) =>
  t.field({
    type: Run,
    ...edgeTo('The run that generated the message.', { absentIf: 'no run generated the message' }),
    resolve: (message, _, context, info) => runOf(message, context, info),
  }),
);
