import { createMessage, deleteMessage, modifyMessage } from '../resolvers/messageWrites.ts';
import { onActiveRun } from './activeRunPolicy.ts';
import { builder, type InputFields } from './builder.ts';
import { clientMutation, clientMutationIdOutput, payloadOf } from './clientMutation.ts';
import { Message, MessageEdge } from './message.ts';
import { messageFields } from './messageInput.ts';
import { restField } from './restField.ts';

const threadId = { required: true, description: 'REST ID of the thread.' } as const;

const key = (t: InputFields) => ({
  threadId: t.id(threadId),
  messageId: t.id({ required: true, description: 'REST ID of the message.' }),
});

builder.relayMutationField(
  'createMessage',
  {
    description: 'The message to create. If its thread has an active run, see `onActiveRun`.',
    inputFields: (t) => ({
      threadId: t.id(threadId),
      ...messageFields(t),
      onActiveRun: onActiveRun(t),
      ...clientMutation(t),
    }),
  },
  {
    ...restField({ description: 'Creates a message in a thread.', operation: 'POST /threads/{thread_id}/messages' }),
    resolve: (_, { input }, context) => payloadOf(input, (body) => createMessage(body, context)),
  },
  {
    description: 'The result of creating a message.',
    outputFields: (t) => ({
      message: t.expose('message', { type: Message, nullable: false, description: 'The message.' }),
      messageEdge: t.expose('messageEdge', {
        type: MessageEdge,
        nullable: false,
        description: 'The edge of the message in `Thread.messages`, for adding it to a cached list.',
      }),
      clientMutationId: t.exposeString('clientMutationId', clientMutationIdOutput),
    }),
  },
);

builder.relayMutationField(
  'modifyMessage',
  {
    description: 'The changes to a message. Only its metadata can be modified.',
    inputFields: (t) => ({
      ...key(t),
      metadata: t.field({ type: 'Metadata', description: 'Custom key-value pairs.' }),
      ...clientMutation(t),
    }),
  },
  {
    ...restField({
      description: 'Modifies the metadata of a message.',
      operation: 'POST /threads/{thread_id}/messages/{message_id}',
    }),
    resolve: (_, { input }, context) => payloadOf(input, (body) => modifyMessage(body, context)),
  },
  {
    description: 'The result of modifying a message.',
    outputFields: (t) => ({
      message: t.expose('message', { type: Message, nullable: false, description: 'The message.' }),
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
    ...restField({ description: 'Deletes a message.', operation: 'DELETE /threads/{thread_id}/messages/{message_id}' }),
    resolve: (_, { input }, context) => payloadOf(input, (body) => deleteMessage(body, context)),
  },
  {
    description: 'The result of the deletion.',
    outputFields: (t) => ({
      deletedMessageId: t.exposeID('deletedMessageId', {
        nullable: false,
        description: 'The global ID of the deleted message.',
      }),
      clientMutationId: t.exposeString('clientMutationId', clientMutationIdOutput),
    }),
  },
);
