import { assistantOf } from '../resolvers/assistant.ts';
import { hasEnded } from '../live/ended.ts';
import { encodeGlobalId } from '../resolvers/globalId.ts';
import { messagesOf } from '../resolvers/message.ts';
import { durationOf, runById, runOf, runsOf } from '../resolvers/run.ts';
import { threadOf } from '../resolvers/thread.ts';
import type { Received } from '../rest/received.ts';
import type { RestRun } from '../wire/run.ts';
import { Assistant } from './assistant.ts';
import { builder, fromIds, ownList } from './builder.ts';
import { RunCompletionUsage } from './completionUsage.ts';
import { edgeTo } from './edgeTo.ts';
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

export const Run = builder.objectRef<Received<RestRun>>('Run').implement({
  description:
    'An assistant at work on a thread, from the question to the answer. Its thread takes no other run meanwhile.',
  interfaces: [Node],
  fields: (t) => ({
    id: t.id({
      ...fromIds,
      nullable: false,
      description: 'The global id. For the REST API use `runId` and `threadId`.',
      resolve: (run) => encodeGlobalId('Run', run.thread_id, run.id),
    }),
    runId: t.exposeID('id', { ...fromIds, nullable: false, description: 'The id that REST knows the run by.' }),
    threadId: t.exposeID('thread_id', {
      ...fromIds,
      nullable: false,
      description: 'REST id of the thread that it works on.',
    }),
    assistantId: t.exposeID('assistant_id', {
      nullable: true,
      description: 'REST id of the assistant at work. Null only where the server leaves it out.',
    }),
    object: t.string({
      nullable: false,
      description: 'What REST calls this kind of object: `thread.run`.',
      resolve: () => 'thread.run',
    }),
    createdAt: t.expose('created_at', { type: 'DateTime', nullable: true, description: 'When it was created.' }),
    status: t.field({
      type: RunStatus,
      nullable: false,
      description: 'How far it has come.',
      resolve: ({ status }) => status ?? UNKNOWN,
    }),
    isTerminal: t.boolean({
      nullable: false,
      description: 'Whether it has ended: completed, incomplete, failed, cancelled or expired.',
      resolve: hasEnded,
    }),
    requiredAction: t.expose('required_action', {
      type: RequiredAction,
      nullable: true,
      description: 'What it is waiting for. Null unless `status` is `REQUIRES_ACTION`.',
    }),
    lastError: t.expose('last_error', {
      type: RunLastError,
      nullable: true,
      description: 'Why it failed. Null where it has not.',
    }),
    incompleteDetails: t.expose('incomplete_details', {
      type: RunIncompleteDetails,
      nullable: true,
      description: 'Why it ended early. Null unless `status` is `INCOMPLETE`.',
    }),
    expiresAt: t.expose('expires_at', {
      type: 'DateTime',
      nullable: true,
      description: 'When it expires unless it ends before. Null once it has ended.',
    }),
    startedAt: t.expose('started_at', {
      type: 'DateTime',
      nullable: true,
      description: 'When it started, or went on after outputs were submitted. Null until it has started.',
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
      description: 'When it completed. Null where it has not.',
    }),
    duration: t.int({
      nullable: true,
      description: 'Seconds from `startedAt` until it completed, failed or was cancelled. Null until then.',
      resolve: durationOf,
    }),
    model: t.exposeString('model', { nullable: true, description: 'The model that it runs on.' }),
    instructions: t.exposeString('instructions', {
      nullable: true,
      description: 'The system instructions that it runs under.',
    }),
    tools: t.field({
      type: [Tool],
      nullable: false,
      description: 'The tools that it may use; up to 20.',
      resolve: ({ tools }) => tools ?? [],
    }),
    metadata: t.expose('metadata', { type: 'Metadata', nullable: true, description: 'Your own notes on it.' }),
    usage: t.expose('usage', {
      type: RunCompletionUsage,
      nullable: true,
      description: 'The tokens that it used. Null until it has ended.',
    }),
    temperature: t.exposeFloat('temperature', {
      nullable: true,
      description: 'How freely the model picks its words: 0 is nearly deterministic, 2 the most random.',
    }),
    topP: t.exposeFloat('top_p', {
      nullable: true,
      description: 'The share of the probability mass that words are picked from; 0 to 1.',
    }),
    maxPromptTokens: t.exposeInt('max_prompt_tokens', {
      nullable: true,
      description: 'The most tokens that it may read, over all of its steps. Null where there is no limit.',
    }),
    maxCompletionTokens: t.exposeInt('max_completion_tokens', {
      nullable: true,
      description: 'The most tokens that it may write, over all of its steps. Null where there is no limit.',
    }),
    truncationStrategy: t.expose('truncation_strategy', {
      type: Truncation,
      nullable: true,
      description: 'How a thread that is too long is shortened for the model.',
    }),
    toolChoice: t.expose('tool_choice', {
      type: ToolChoice,
      nullable: true,
      description: 'Whether the model may, must or must not use tools, and which.',
    }),
    parallelToolCalls: t.exposeBoolean('parallel_tool_calls', {
      nullable: true,
      description: 'Whether the model may call several functions at once.',
    }),
    responseFormat: t.expose('response_format', {
      type: ResponseFormat,
      nullable: true,
      description: 'The form that the model must answer in.',
    }),
    thread: t.field({
      ...fromIds,
      type: Thread,
      nullable: true,
      description: edgeTo('The thread that it works on.'),
      resolve: (run, _, context, info) => threadOf(run, context, info),
    }),
    assistant: t.field({
      type: Assistant,
      nullable: true,
      description: edgeTo('The assistant at work.'),
      resolve: (run, _, context, info) => assistantOf(run, context, info),
    }),
    messages: t.connection(
      {
        ...fromIds,
        type: Message,
        nullable: false,
        description:
          'The messages that it wrote, newest first unless told. `GET /threads/{thread_id}/messages?run_id=`',
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
  description: 'A run and where it stands in the list.',
});

const RunConnection = builder.connectionObject(
  { type: Run, name: 'RunConnection', description: 'A page of runs.' },
  RunEdge,
);

builder.queryField('run', (t) =>
  t.field({
    type: Run,
    nullable: true,
    description: 'One run; null where it does not exist. `GET /threads/{thread_id}/runs/{run_id}`',
    args: {
      threadId: t.arg.id({ required: true, description: 'REST id of the thread that it works on.' }),
      runId: t.arg.id({ required: true, description: 'The id that REST knows the run by.' }),
    },
    resolve: (_, key, context, info) => runById(key, context, info),
  }),
);

builder.objectField(Thread, 'runs', (t) =>
  t.connection(
    {
      ...ownList,
      type: Run,
      nullable: false,
      description: 'The runs on this thread, newest first unless told. `GET /threads/{thread_id}/runs`',
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
    nullable: true,
    description: edgeTo('The run that wrote it; null where a user did.'),
    resolve: (message, _, context, info) => runOf(message, context, info),
  }),
);
