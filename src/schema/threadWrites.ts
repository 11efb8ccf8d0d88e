import type { ThreadInput } from '../resolvers/threadWrites.ts';
import { createThread, deleteThread, modifyThread } from '../resolvers/threadWrites.ts';
import { builder, type InputFields } from './builder.ts';
import { answered, clientMutation, clientMutationIdOutput } from './clientMutation.ts';
import { MessageInputType } from './messageInput.ts';
import { Thread } from './thread.ts';
import { CreateToolResourcesInputType, ToolResourcesInputType } from './toolResources.ts';

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
    inputFields: (t) => ({ ...threadFields(t), ...clientMutation(t) }),
  },
  {
    nullable: false,
    description: 'Creates a thread. `POST /threads`',
    resolve: (_, { input }, context) => answered(input, (body) => createThread(body, context)),
  },
  {
    description: 'The new thread.',
    outputFields: (t) => ({
      thread: t.expose('thread', { type: Thread, nullable: true, description: 'The thread.' }),
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
      ...clientMutation(t),
    }),
  },
  {
    nullable: false,
    description: 'Changes a thread. `POST /threads/{thread_id}`',
    resolve: (_, { input }, context) => answered(input, (body) => modifyThread(body, context)),
  },
  {
    description: 'The changed thread.',
    outputFields: (t) => ({
      thread: t.expose('thread', { type: Thread, nullable: true, description: 'The thread.' }),
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
    nullable: false,
    description: 'Deletes a thread and all that it holds. `DELETE /threads/{thread_id}`',
    resolve: (_, { input }, context) => answered(input, (body) => deleteThread(body, context)),
  },
  {
    description: 'What was deleted.',
    outputFields: (t) => ({
      deletedThreadId: t.exposeID('deletedThreadId', {
        nullable: true,
        description: 'The global id of the thread that is gone.',
      }),
      clientMutationId: t.exposeString('clientMutationId', clientMutationIdOutput),
    }),
  },
);
