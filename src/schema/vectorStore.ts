import { pure } from '../execution/purity.ts';
import { encodeGlobalId } from '../resolvers/globalId.ts';
import { allVectorStores, vectorStoreById } from '../resolvers/vectorStore.ts';
import type { Received } from '../rest/received.ts';
import type { RestFileCounts, RestVectorStore } from '../wire/vectorStore.ts';
import { builder, fromIds } from './builder.ts';
import { Node } from './node.ts';
import { unknownValue } from './openEnum.ts';
import { restField } from './restField.ts';
import { orderArg } from './sortOrder.ts';
import { VectorStoreExpiry } from './vectorStoreExpiry.ts';

const VectorStoreStatus = builder.enumType('VectorStoreStatus', {
  description: 'The status of a vector store.',
  values: {
    IN_PROGRESS: { value: 'in_progress', description: 'Files are being indexed.' },
    COMPLETED: { value: 'completed', description: 'All files have been indexed, have failed or were cancelled.' },
    EXPIRED: { value: 'expired', description: 'The vector store has expired. It cannot be searched.' },
    ...unknownValue,
  } as const,
});

export const VectorStoreFileCounts = builder.objectRef<Received<RestFileCounts>>('VectorStoreFileCounts').implement({
  description: 'How many files are in each status.',
  fields: (t) => ({
    inProgress: t.exposeInt('in_progress', { nullable: true, description: 'How many are being indexed.' }),
    completed: t.exposeInt('completed', { nullable: true, description: 'How many have been indexed.' }),
    failed: t.exposeInt('failed', { nullable: true, description: 'How many could not be indexed.' }),
    cancelled: t.exposeInt('cancelled', { nullable: true, description: 'How many were cancelled.' }),
    total: t.exposeInt('total', { nullable: true, description: 'How many files there are.' }),
  }),
});

export const VectorStore = builder.objectRef<Received<RestVectorStore>>('VectorStore').implement({
  description: 'A set of files that is indexed for file search.',
  interfaces: [Node],
  fields: (t) => ({
    id: t.id({
      ...fromIds,
      nullable: false,
      description: 'The global ID. The REST API uses `vectorStoreId`.',
      resolve: pure(({ id }) => encodeGlobalId('VectorStore', id)),
    }),
    vectorStoreId: t.exposeID('id', { ...fromIds, nullable: false, description: 'REST ID of the vector store.' }),
    object: t.string({
      nullable: false,
      description: 'The object type in the REST API, always `vector_store`.',
      resolve: pure(() => 'vector_store'),
    }),
    createdAt: t.expose('created_at', {
      type: 'DateTime',
      nullable: true,
      description: 'When the vector store was created.',
    }),
    name: t.exposeString('name', { nullable: true, description: 'The name of the vector store.' }),
    description: t.exposeString('description', { nullable: true, description: 'The description of the vector store.' }),
    status: t.expose('status', {
      type: VectorStoreStatus,
      nullable: true,
      description: 'Whether all files have been indexed.',
    }),
    usageBytes: t.exposeFloat('usage_bytes', {
      nullable: true,
      description: 'The size of what has been indexed, in bytes. A whole number that can exceed 32 bits.',
    }),
    fileCounts: t.expose('file_counts', {
      type: VectorStoreFileCounts,
      nullable: true,
      description: 'How many files are in each status.',
    }),
    expiresAfter: t.expose('expires_after', {
      type: VectorStoreExpiry,
      nullable: true,
      description: 'After what time the vector store expires. Null if it does not.',
    }),
    expiresAt: t.expose('expires_at', {
      type: 'DateTime',
      nullable: true,
      description: 'When the vector store expires. Null if it does not.',
    }),
    lastActiveAt: t.expose('last_active_at', {
      type: 'DateTime',
      nullable: true,
      description: 'When the vector store was last used.',
    }),
    metadata: t.expose('metadata', { type: 'Metadata', nullable: true, description: 'Custom key-value pairs.' }),
  }),
});

export const VectorStoreEdge = builder.edgeObject({
  type: VectorStore,
  name: 'VectorStoreEdge',
  description: 'An edge in a list of vector stores.',
});

const VectorStoreConnection = builder.connectionObject(
  { type: VectorStore, name: 'VectorStoreConnection', description: 'A page of vector stores.' },
  VectorStoreEdge,
);

builder.queryFields((t) => ({
  vectorStore: t.field({
    type: VectorStore,
    ...restField({
      description: 'Look up a vector store. Null if it does not exist.',
      operation: 'GET /vector_stores/{vector_store_id}',
    }),
    args: { vectorStoreId: t.arg.id({ required: true, description: 'REST ID of the vector store.' }) },
    resolve: (_, { vectorStoreId }, context, info) => vectorStoreById(vectorStoreId, context, info),
  }),
  vectorStores: t.connection(
    {
      type: VectorStore,
      ...restField({
        description: 'A list of vector stores, newest first by default.',
        operation: 'GET /vector_stores',
      }),
      args: orderArg,
      resolve: (_, args, context, info) => allVectorStores(args, context, info),
    },
    VectorStoreConnection,
    VectorStoreEdge,
  ),
}));
