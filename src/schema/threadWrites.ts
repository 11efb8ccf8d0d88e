import type { ThreadInput } from '../resolvers/threadWrites.ts';
import { createThread, deleteThread, modifyThread } from '../resolvers/threadWrites.ts';
import { builder, type InputFields } from './builder.ts';
import { clientMutation, clientMutationIdOutput, payloadOf } from './clientMutation.ts';
import { MessageInputType } from './messageInput.ts';
import { Thread } from './thread.ts';
import { CreateToolResourcesInputType, ToolResourcesInputType } from './toolResources.ts';
import { restField } from './restField.ts';

const threadId = { required: true, description: 'REST ID of the thread.' } as const;

const threadFields = (t: InputFields) => ({
  messages: t.field({
    type: [MessageInputType],
    description: 'The messages that the thread starts with, oldest first.',
  }),
  toolResources: t.field({
    type: CreateToolResourcesInputType,
    description:
      'The files and vector stores that tools can use in this thread, in addition to those of the assistant.',
  }),
  metadata: t.field({ type: 'Metadata', description: 'Custom key-value pairs.' }),
});

/** A thread that is created together with a run. */
export const ThreadInputType = builder.inputRef<ThreadInput>('ThreadInput').implement({
  description: 'A thread to create.',
  fields: threadFields,
});

builder.relayMutationField(
  'createThread',
  {
    description: 'The thread to create. All fields are optional.',
    inputFields: (t) => ({ ...threadFields(t), ...clientMutation(t) }),
  },
  {
    ...restField({ description: 'Creates a thread.', operation: 'POST /threads' }),
    resolve: (_, { input }, context) => payloadOf(input, (body) => createThread(body, context)),
  },
  {
    description: 'The result of creating a thread.',
    outputFields: (t) => ({
      thread: t.expose('thread', { type: Thread, nullable: false, description: 'The thread.' }),
      clientMutationId: t.exposeString('clientMutationId', clientMutationIdOutput),
    }),
  },
);

builder.relayMutationField(
  'modifyThread',
  {
    description: 'The changes to a thread. Fields that are left out keep their value, and null removes a value.',
    inputFields: (t) => ({
      threadId: t.id(threadId),
      toolResources: t.field({
        type: ToolResourcesInputType,
        description:
          'The files and vector stores that tools can use in this thread, in addition to those of the assistant.',
      }),
      metadata: t.field({ type: 'Metadata', description: 'Custom key-value pairs.' }),
      ...clientMutation(t),
    }),
  },
  {
    ...restField({ description: 'Modifies a thread.', operation: 'POST /threads/{thread_id}' }),
    resolve: (_, { input }, context) => payloadOf(input, (body) => modifyThread(body, context)),
  },
  {
    description: 'The result of modifying a thread.',
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
    inputFields: (t) => ({ threadId: t.id(threadId), ...clientMutation(t) }),
  },
  {
    ...restField({
      description: 'Deletes a thread with its messages and runs.',
      operation: 'DELETE /threads/{thread_id}',
    }),
    resolve: (_, { input }, context) => payloadOf(input, (body) => deleteThread(body, context)),
  },
  {
    description: 'The result of the deletion.',
    outputFields: (t) => ({
      deletedThreadId: t.exposeID('deletedThreadId', {
        nullable: false,
        description: 'The global ID of the deleted thread.',
      }),
      clientMutationId: t.exposeString('clientMutationId', clientMutationIdOutput),
    }),
  },
);
