import { pure } from '../execution/purity.ts';
import { encodeGlobalId } from '../resolvers/globalId.ts';
import { threadById } from '../resolvers/thread.ts';
import type { Received } from '../rest/received.ts';
import type { RestThread } from '../wire/thread.ts';
import { builder, fromIds } from './builder.ts';
import { Node } from './node.ts';
import { ToolResources } from './toolResources.ts';

export const Thread = builder.objectRef<Received<RestThread>>('Thread').implement({
  description:
    'A conversation: messages, and the runs that answered them. REST has no list of threads, so keep their ids.',
  interfaces: [Node],
  fields: (t) => ({
    id: t.id({
      ...fromIds,
      nullable: false,
      description: 'The global id. For the REST API use `threadId`.',
      resolve: pure(({ id }) => encodeGlobalId('Thread', id)),
    }),
    threadId: t.exposeID('id', { ...fromIds, nullable: false, description: 'The id that REST knows the thread by.' }),
    object: t.string({
      nullable: false,
      description: 'What REST calls this kind of object: `thread`.',
      resolve: pure(() => 'thread'),
    }),
    createdAt: t.expose('created_at', { type: 'DateTime', nullable: true, description: 'When it was created.' }),
    toolResources: t.expose('tool_resources', {
      type: ToolResources,
      nullable: true,
      description: 'What tools may draw on in this thread, beside what the assistant has.',
    }),
    metadata: t.expose('metadata', { type: 'Metadata', nullable: true, description: 'Your own notes on it.' }),
  }),
});

builder.queryField('thread', (t) =>
  t.field({
    type: Thread,
    nullable: true,
    description: 'One thread; null where it does not exist. `GET /threads/{thread_id}`',
    args: { threadId: t.arg.id({ required: true, description: 'The id that REST knows the thread by.' }) },
    resolve: (_, { threadId }, context, info) => threadById(threadId, context, info),
  }),
);
