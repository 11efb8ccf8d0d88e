import { pure } from '../execution/purity.ts';
import { threadCost } from '../resolvers/cost.ts';
import { encodeGlobalId } from '../resolvers/globalId.ts';
import { allThreads, threadById } from '../resolvers/thread.ts';
import type { Received } from '../rest/received.ts';
import type { RestThread } from '../wire/thread.ts';
import { builder, fromIds } from './builder.ts';
import { ThreadUsage } from './completionUsage.ts';
import { configOnly, TokenCost } from './cost.ts';
import { Node } from './node.ts';
import { orderArg } from './sortOrder.ts';
import { ToolResources } from './toolResources.ts';
import { restField } from './restField.ts';

export const Thread = builder.objectRef<Received<RestThread>>('Thread').implement({
  description:
    'A conversation: its messages and the runs on it. Not every server has a list of threads (`threads`), so store their IDs.',
  interfaces: [Node],
  fields: (t) => ({
    id: t.id({
      ...fromIds,
      nullable: false,
      description: 'The global ID. The REST API uses `threadId`.',
      resolve: pure(({ id }) => encodeGlobalId('Thread', id)),
    }),
    threadId: t.exposeID('id', { ...fromIds, nullable: false, description: 'REST ID of the thread.' }),
    object: t.string({
      nullable: false,
      description: 'The object type in the REST API, always `thread`.',
      resolve: pure(() => 'thread'),
    }),
    createdAt: t.expose('created_at', {
      type: 'DateTime',
      nullable: true,
      description: 'When the thread was created.',
    }),
    toolResources: t.expose('tool_resources', {
      type: ToolResources,
      nullable: true,
      description:
        'The files and vector stores that tools can use in this thread, in addition to those of the assistant.',
    }),
    metadata: t.expose('metadata', { type: 'Metadata', nullable: true, description: 'Custom key-value pairs.' }),
    usage: t.expose('usage', {
      type: ThreadUsage,
      nullable: true,
      description:
        'The tokens used by all ended runs on the thread. Costs no more than reading the thread. Null over servers other than the embedded engine, which have no such totals.',
    }),
    cost: t.field({
      type: TokenCost,
      ...configOnly,
      nullable: true,
      description:
        'What `usage` cost: the sum of `cost` of all ended runs on the thread. Null if `usage` is null, if no run has ended, if the cost of one of the runs is unknown, or if a price depends on the time of day or has changed between the runs.',
      resolve: (thread, _, context) => threadCost(thread, context),
    }),
  }),
});

const ThreadEdge = builder.edgeObject({
  type: Thread,
  name: 'ThreadEdge',
  description: 'An edge in a list of threads.',
});

const ThreadConnection = builder.connectionObject(
  { type: Thread, name: 'ThreadConnection', description: 'A page of threads.' },
  ThreadEdge,
);

const ThreadFilterInput = builder.inputType('ThreadFilterInput', {
  description: 'Selects threads that meet all of these conditions.',
  fields: (t) => ({
    metadata: t.field({
      type: 'Metadata',
      description: 'Key-value pairs that the metadata of the thread must contain, all of them, among any others.',
    }),
    createdAfter: t.field({ type: 'DateTime', description: 'The thread must have been created later than this time.' }),
    createdBefore: t.field({
      type: 'DateTime',
      description: 'The thread must have been created earlier than this time.',
    }),
  }),
});

builder.queryFields((t) => ({
  thread: t.field({
    type: Thread,
    ...restField({
      description: 'Look up a thread. Null if it does not exist.',
      operation: 'GET /threads/{thread_id}',
    }),
    args: { threadId: t.arg.id({ required: true, description: 'REST ID of the thread.' }) },
    resolve: (_, { threadId }, context, info) => threadById(threadId, context, info),
  }),
  threads: t.connection(
    {
      type: Thread,
      ...restField({
        description:
          'A list of threads, newest first by default. The embedded engine has it, other servers may not: then it fails with `NOT_SUPPORTED`, as it does if the server ignores `filter`.',
        operation: 'GET /threads',
      }),
      args: {
        ...orderArg,
        filter: t.arg({
          type: ThreadFilterInput,
          description: 'Selects threads. Cursors remain valid if the filter is changed.',
        }),
      },
      resolve: (_, args, context, info) => allThreads(args, context, info),
    },
    ThreadConnection,
    ThreadEdge,
  ),
}));
