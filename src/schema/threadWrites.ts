import type { ThreadInput } from '../resolvers/threadWrites.ts';
import { createThread, deleteThread, modifyThread } from '../resolvers/threadWrites.ts';
import { builder, type InputFields } from './builder.ts';
import { clientMutationIdInput, clientMutationIdOutput, payloadOf } from './clientMutation.ts';
import { MessageInputType } from './messageInput.ts';
import { Thread } from './thread.ts';
import { CreateToolResourcesInputType, ToolResourcesInputType } from './toolResources.ts';
import { restField } from './restField.ts';

const threadId = { required: true, description: 'REST id of the thread.' } as const;

const threadFields = (t: InputFields) => ({
  messages: t.field({ type: [MessageInputType], description: 'The messages that it starts with, the oldest first.' }),
  toolResources: t.field({
    type: CreateToolResourcesInputType,
    description: 'What tools may draw on in this thread, beside what the assistant has.',
  }),
  metadata: t.field({ type: 'Metadata', description: 'Your own notes on it.' }),
});

/** A thread that is made along with a run. */
export const ThreadInputType = builder.inputRef<ThreadInput>('ThreadInput').implement({
  description: 'A thread to be.',
  fields: threadFields,
});

builder.relayMutationField(
  'createThread',
  {
    description: 'A thread to be; all of it may be left out.',
    inputFields: (t) => ({ ...threadFields(t), clientMutationId: t.string(clientMutationIdInput) }),
  },
  {
    ...restField({ description: 'Creates a thread.', operation: 'POST /threads' }),
    resolve: (_, { input }, context) => payloadOf(input, (body) => createThread(body, context)),
  },
  {
    description: 'The new thread.',
    outputFields: (t) => ({
      thread: t.expose('thread', { type: Thread, nullable: false, description: 'The thread.' }),
      clientMutationId: t.exposeString('clientMutationId', clientMutationIdOutput),
    }),
  },
);

builder.relayMutationField(
  'modifyThread',
  {
    description: 'What to change of a thread. What is left out stays as it is; null clears.',
    inputFields: (t) => ({
      threadId: t.id(threadId),
      toolResources: t.field({ type: ToolResourcesInputType, description: 'What tools may draw on in this thread.' }),
      metadata: t.field({ type: 'Metadata', description: 'Your own notes on it.' }),
      clientMutationId: t.string(clientMutationIdInput),
    }),
  },
  {
    ...restField({ description: 'Changes a thread.', operation: 'POST /threads/{thread_id}' }),
    resolve: (_, { input }, context) => payloadOf(input, (body) => modifyThread(body, context)),
  },
  {
    description: 'The changed thread.',
    outputFields: (t) => ({
      thread: t.expose('thread', { type: Thread, nullable: false, description: 'The thread.' }),
      clientMutationId: t.exposeString('clientMutationId', clientMutationIdOutput),
    }),
  },
);

builder.relayMutationField(
  'deleteThread',
  {
    description: 'The thread to delete.',
    inputFields: (t) => ({ threadId: t.id(threadId), clientMutationId: t.string(clientMutationIdInput) }),
  },
  {
    ...restField({ description: 'Deletes a thread and all that it holds.', operation: 'DELETE /threads/{thread_id}' }),
    resolve: (_, { input }, context) => payloadOf(input, (body) => deleteThread(body, context)),
  },
  {
    description: 'What was deleted.',
    outputFields: (t) => ({
      deletedThreadId: t.exposeID('deletedThreadId', {
        nullable: false,
        description: 'The global id of the thread that is gone.',
      }),
      clientMutationId: t.exposeString('clientMutationId', clientMutationIdOutput),
    }),
  },
);
