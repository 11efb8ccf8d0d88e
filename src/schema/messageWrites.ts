import { createMessage, deleteMessage, modifyMessage } from '../resolvers/messageWrites.ts';
import { onActiveRun } from './activeRunPolicy.ts';
import { builder, type InputFields } from './builder.ts';
import { answered, clientMutation, clientMutationIdOutput } from './clientMutation.ts';
import { Message, MessageEdge } from './message.ts';
import { messageFields } from './messageInput.ts';

const threadId = { required: true, description: 'REST id of the thread that it belongs to.' } as const;

const key = (t: InputFields) => ({
  threadId: t.id(threadId),
  messageId: t.id({ required: true, description: 'REST id of the message.' }),
});

builder.relayMutationField(
  'createMessage',
  {
    description: 'A message to be. Its thread must not have an active run.',
    inputFields: (t) => ({
      threadId: t.id(threadId),
      ...messageFields(t),
      onActiveRun: onActiveRun(t),
      ...clientMutation(t),
    }),
  },
  {
    nullable: false,
    description: 'Adds a message to a thread. `POST /threads/{thread_id}/messages`',
    resolve: (_, { input }, context) => answered(input, (body) => createMessage(body, context)),
  },
  {
    description: 'The new message.',
    outputFields: (t) => ({
      message: t.expose('message', { type: Message, nullable: true, description: 'The message.' }),
      messageEdge: t.expose('messageEdge', {
        type: MessageEdge,
        nullable: true,
        description:
          "The message as a member of its thread's `messages`, to be put into a list that is already at hand.",
      }),
      clientMutationId: t.exposeString('clientMutationId', clientMutationIdOutput),
    }),
  },
);

builder.relayMutationField(
  'modifyMessage',
  {
    description: 'What to change of a message: its metadata, and nothing else.',
    inputFields: (t) => ({
      ...key(t),
      metadata: t.field({ type: 'Metadata', description: 'Your own notes on it.' }),
      ...clientMutation(t),
    }),
  },
  {
    nullable: false,
    description: 'Changes the metadata of a message. `POST /threads/{thread_id}/messages/{message_id}`',
    resolve: (_, { input }, context) => answered(input, (body) => modifyMessage(body, context)),
  },
  {
    description: 'The changed message.',
    outputFields: (t) => ({
      message: t.expose('message', { type: Message, nullable: true, description: 'The message.' }),
      clientMutationId: t.exposeString('clientMutationId', clientMutationIdOutput),
    }),
  },
);

builder.relayMutationField(
  'deleteMessage',
  {
    description: 'The message to delete.',
    inputFields: (t) => ({ ...key(t), ...clientMutation(t) }),
  },
  {
    nullable: false,
    description: 'Deletes a message. `DELETE /threads/{thread_id}/messages/{message_id}`',
    resolve: (_, { input }, context) => answered(input, (body) => deleteMessage(body, context)),
  },
  {
    description: 'What was deleted.',
    outputFields: (t) => ({
      deletedMessageId: t.exposeID('deletedMessageId', {
        nullable: true,
        description: 'The global id of the message that is gone.',
      }),
      clientMutationId: t.exposeString('clientMutationId', clientMutationIdOutput),
    }),
  },
);
