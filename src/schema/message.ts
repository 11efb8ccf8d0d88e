import { pure } from '../execution/purity.ts';
import { assistantOf } from '../resolvers/assistant.ts';
import { encodeGlobalId } from '../resolvers/globalId.ts';
import { messageById, messagesOf, textOf } from '../resolvers/message.ts';
import { threadOf } from '../resolvers/thread.ts';
import type { Received } from '../rest/received.ts';
import type { RestMessage } from '../wire/message.ts';
import { Assistant } from './assistant.ts';
import { Attachment } from './attachment.ts';
import { builder, fromIds, ownList } from './builder.ts';
import { edgeTo } from './edgeTo.ts';
import { MessageContent } from './messageContent.ts';
import { Node } from './node.ts';
import { UNKNOWN, unknownValue } from './openEnum.ts';
import { orderArg } from './sortOrder.ts';
import { Thread } from './thread.ts';

export const MessageRole = builder.enumType('MessageRole', {
  description: 'Who a message speaks for.',
  values: {
    USER: { value: 'user', description: 'The user.' },
    ASSISTANT: { value: 'assistant', description: 'The assistant.' },
    ...unknownValue,
  } as const,
});

const MessageStatus = builder.enumType('MessageStatus', {
  description: 'How far a message has come.',
  values: {
    IN_PROGRESS: { value: 'in_progress', description: 'It is being written.' },
    INCOMPLETE: { value: 'incomplete', description: 'It was cut short: `incompleteDetails` says why.' },
    COMPLETED: { value: 'completed', description: 'It is all there.' },
    ...unknownValue,
  } as const,
});

const MessageIncompleteReason = builder.enumType('MessageIncompleteReason', {
  description: 'Why a message was cut short.',
  values: {
    CONTENT_FILTER: { value: 'content_filter', description: 'A content filter stopped it.' },
    MAX_TOKENS: { value: 'max_tokens', description: 'It reached the most tokens that it could have.' },
    RUN_CANCELLED: { value: 'run_cancelled', description: 'Its run was cancelled.' },
    RUN_EXPIRED: { value: 'run_expired', description: 'Its run expired.' },
    RUN_FAILED: { value: 'run_failed', description: 'Its run failed.' },
    ...unknownValue,
  } as const,
});

const MessageIncompleteDetails = builder
  .objectRef<NonNullable<Received<RestMessage>['incomplete_details']>>('MessageIncompleteDetails')
  .implement({
    description: 'Why a message was cut short.',
    fields: (t) => ({
      reason: t.expose('reason', { type: MessageIncompleteReason, nullable: true, description: 'The reason.' }),
    }),
  });

export const Message = builder.objectRef<Received<RestMessage>>('Message').implement({
  description: 'What a user or an assistant said in a thread.',
  interfaces: [Node],
  fields: (t) => ({
    id: t.id({
      ...fromIds,
      nullable: false,
      description: 'The global id. For the REST API use `messageId` and `threadId`.',
      resolve: pure((message) => encodeGlobalId('Message', message.thread_id, message.id)),
    }),
    messageId: t.exposeID('id', { ...fromIds, nullable: false, description: 'The id that REST knows the message by.' }),
    threadId: t.exposeID('thread_id', {
      ...fromIds,
      nullable: false,
      description: 'REST id of the thread that it belongs to.',
    }),
    runId: t.exposeID('run_id', {
      nullable: true,
      description: 'REST id of the run that wrote it. Null where a user did, or your application.',
    }),
    assistantId: t.exposeID('assistant_id', {
      nullable: true,
      description: 'REST id of the assistant that wrote it. Null where a user did, or your application.',
    }),
    object: t.string({
      nullable: false,
      description: 'What REST calls this kind of object: `thread.message`.',
      resolve: pure(() => 'thread.message'),
    }),
    createdAt: t.expose('created_at', { type: 'DateTime', nullable: true, description: 'When it was created.' }),
    status: t.expose('status', {
      type: MessageStatus,
      nullable: true,
      description:
        'How far it has come. Null where the server does not say, as some do not for the messages of a user.',
    }),
    incompleteDetails: t.expose('incomplete_details', {
      type: MessageIncompleteDetails,
      nullable: true,
      description: 'Why it was cut short. Null where it was not.',
    }),
    completedAt: t.expose('completed_at', {
      type: 'DateTime',
      nullable: true,
      description: 'When it was complete. Null until then.',
    }),
    incompleteAt: t.expose('incomplete_at', {
      type: 'DateTime',
      nullable: true,
      description: 'When it was cut short. Null where it was not.',
    }),
    role: t.field({
      type: MessageRole,
      nullable: false,
      description: 'Who it speaks for.',
      resolve: pure(({ role }) => role ?? UNKNOWN),
    }),
    content: t.field({
      type: [MessageContent],
      nullable: false,
      description: 'Its parts, in order.',
      resolve: pure(({ content }) => content ?? []),
    }),
    text: t.string({
      nullable: false,
      description: 'The text of its text parts, joined by line breaks; empty where it has none.',
      resolve: pure(textOf),
    }),
    attachments: t.expose('attachments', {
      type: [Attachment],
      nullable: true,
      description: 'The files that came with it. Null or empty where there are none.',
    }),
    metadata: t.expose('metadata', { type: 'Metadata', nullable: true, description: 'Your own notes on it.' }),
    thread: t.field({
      ...fromIds,
      type: Thread,
      nullable: true,
      description: edgeTo('The thread that it belongs to.'),
      resolve: (message, _, context, info) => threadOf(message, context, info),
    }),
    assistant: t.field({
      type: Assistant,
      nullable: true,
      description: edgeTo('The assistant that wrote it; null where a user did.'),
      resolve: (message, _, context, info) => assistantOf(message, context, info),
    }),
  }),
});

export const MessageEdge = builder.edgeObject({
  type: Message,
  name: 'MessageEdge',
  description: 'A message and where it stands in the list.',
});

/** A page of messages, of a thread or of one run. */
export const MessageConnection = builder.connectionObject(
  { type: Message, name: 'MessageConnection', description: 'A page of messages.' },
  MessageEdge,
);

builder.queryField('message', (t) =>
  t.field({
    type: Message,
    nullable: true,
    description: 'One message; null where it does not exist. `GET /threads/{thread_id}/messages/{message_id}`',
    args: {
      threadId: t.arg.id({ required: true, description: 'REST id of the thread that it belongs to.' }),
      messageId: t.arg.id({ required: true, description: 'The id that REST knows the message by.' }),
    },
    resolve: (_, key, context, info) => messageById(key, context, info),
  }),
);

builder.objectField(Thread, 'messages', (t) =>
  t.connection(
    {
      ...ownList,
      type: Message,
      nullable: false,
      description: 'What was said, newest first unless told. `GET /threads/{thread_id}/messages`',
      args: {
        ...orderArg,
        runId: t.arg.id({ description: 'Only messages that the run of this REST id wrote.' }),
      },
      resolve: ({ id }, { runId, ...args }, context, info) => messagesOf({ threadId: id, runId }, args, context, info),
    },
    MessageConnection,
    MessageEdge,
  ),
);
