import { createVectorStore, deleteVectorStore, modifyVectorStore } from '../resolvers/vectorStoreWrites.ts';
import { builder } from './builder.ts';
import { ChunkingStrategyInputType } from './chunkingStrategy.ts';
import { clientMutation, clientMutationIdOutput, payloadOf } from './clientMutation.ts';
import { restField } from './restField.ts';
import { VectorStore, VectorStoreEdge } from './vectorStore.ts';
import { VectorStoreExpiryInput } from './vectorStoreExpiry.ts';

const vectorStoreId = { required: true, description: 'REST ID of the vector store.' } as const;

builder.relayMutationField(
  'createVectorStore',
  {
    description: 'The vector store to create. All fields are optional.',
    inputFields: (t) => ({
      name: t.string({ description: 'The name of the vector store.' }),
      description: t.string({ description: 'The description of the vector store.' }),
      fileIds: t.idList({ description: 'IDs of the files to add.' }),
      chunkingStrategy: t.field({
        type: ChunkingStrategyInputType,
        description: 'How the files are split into chunks. Defaults to `auto`.',
      }),
      expiresAfter: t.field({
        type: VectorStoreExpiryInput,
        description: 'After what time the vector store expires. By default it does not.',
      }),
      metadata: t.field({ type: 'Metadata', description: 'Custom key-value pairs.' }),
      ...clientMutation(t),
    }),
  },
  {
    ...restField({ description: 'Creates a vector store.', operation: 'POST /vector_stores' }),
    resolve: (_, { input }, context) => payloadOf(input, (body) => createVectorStore(body, context)),
  },
  {
    description: 'The result of creating a vector store.',
    outputFields: (t) => ({
      vectorStore: t.expose('vectorStore', { type: VectorStore, nullable: false, description: 'The vector store.' }),
      vectorStoreEdge: t.expose('vectorStoreEdge', {
        type: VectorStoreEdge,
        nullable: false,
        description: 'The edge of the vector store in `vectorStores`, for adding it to a cached list.',
      }),
      clientMutationId: t.exposeString('clientMutationId', clientMutationIdOutput),
    }),
  },
);

builder.relayMutationField(
  'modifyVectorStore',
  {
    description: 'The changes to a vector store. Fields that are left out keep their value, and null removes a value.',
    inputFields: (t) => ({
      vectorStoreId: t.id(vectorStoreId),
      name: t.string({ description: 'The name of the vector store.' }),
      expiresAfter: t.field({
        type: VectorStoreExpiryInput,
        description: 'After what time the vector store expires.',
      }),
      metadata: t.field({ type: 'Metadata', description: 'Custom key-value pairs.' }),
      ...clientMutation(t),
    }),
  },
  {
    ...restField({ description: 'Modifies a vector store.', operation: 'POST /vector_stores/{vector_store_id}' }),
    resolve: (_, { input }, context) => payloadOf(input, (body) => modifyVectorStore(body, context)),
  },
  {
    description: 'The result of modifying a vector store.',
    outputFields: (t) => ({
      vectorStore: t.expose('vectorStore', { type: VectorStore, nullable: false, description: 'The vector store.' }),
      clientMutationId: t.exposeString('clientMutationId', clientMutationIdOutput),
    }),
  },
);

builder.relayMutationField(
  'deleteVectorStore',
  {
    description: 'The vector store to delete.',
    inputFields: (t) => ({ vectorStoreId: t.id(vectorStoreId), ...clientMutation(t) }),
  },
  {
    ...restField({
      description: 'Deletes a vector store. Its files are not deleted.',
      operation: 'DELETE /vector_stores/{vector_store_id}',
    }),
    resolve: (_, { input }, context) => payloadOf(input, (body) => deleteVectorStore(body, context)),
  },
  {
    description: 'The result of the deletion.',
    outputFields: (t) => ({
      deletedVectorStoreId: t.exposeID('deletedVectorStoreId', {
        nullable: false,
        description: 'The global ID of the deleted vector store.',
      }),
      clientMutationId: t.exposeString('clientMutationId', clientMutationIdOutput),
    }),
  },
);
