import {
  createVectorStoreFile,
  createVectorStoreFileBatch,
  deleteVectorStoreFile,
  type StoredFileInput,
} from '../resolvers/vectorStoreFileWrites.ts';
import { builder, type InputFields } from './builder.ts';
import { ChunkingStrategyInputType } from './chunkingStrategy.ts';
import { clientMutation, clientMutationIdOutput, payloadOf } from './clientMutation.ts';
import { restField } from './restField.ts';
import { VectorStoreFile, VectorStoreFileEdge } from './vectorStoreFile.ts';
import { VectorStoreFileBatch } from './vectorStoreFileBatch.ts';

const vectorStoreId = { required: true, description: 'REST ID of the vector store.' } as const;
const fileId = { required: true, description: 'REST ID of the file.' } as const;

const indexing = (t: InputFields) => ({
  attributes: t.field({
    type: 'JSON',
    description: 'Up to 16 key-value pairs that searches can filter by. Values are strings, numbers or booleans.',
  }),
  chunkingStrategy: t.field({
    type: ChunkingStrategyInputType,
    description: 'How files are split into chunks. Defaults to `auto`.',
  }),
});

const StoredFileInputType = builder.inputRef<StoredFileInput>('StoredFileInput').implement({
  description: 'A file to add to a vector store.',
  fields: (t) => ({ fileId: t.id(fileId), ...indexing(t) }),
});

builder.relayMutationField(
  'createVectorStoreFile',
  {
    description: 'The file to add to a vector store.',
    inputFields: (t) => ({
      vectorStoreId: t.id(vectorStoreId),
      fileId: t.id(fileId),
      ...indexing(t),
      ...clientMutation(t),
    }),
  },
  {
    ...restField({
      description: 'Adds a file to a vector store. It is indexed after the mutation has returned: see `status`.',
      operation: 'POST /vector_stores/{vector_store_id}/files',
    }),
    resolve: (_, { input }, context) => payloadOf(input, (body) => createVectorStoreFile(body, context)),
  },
  {
    description: 'The result of adding a file to a vector store.',
    outputFields: (t) => ({
      vectorStoreFile: t.expose('vectorStoreFile', {
        type: VectorStoreFile,
        nullable: false,
        description: 'The file in the vector store.',
      }),
      vectorStoreFileEdge: t.expose('vectorStoreFileEdge', {
        type: VectorStoreFileEdge,
        nullable: false,
        description: 'The edge of the file in `files` of the vector store, for adding it to a cached list.',
      }),
      clientMutationId: t.exposeString('clientMutationId', clientMutationIdOutput),
    }),
  },
);

builder.relayMutationField(
  'createVectorStoreFileBatch',
  {
    description: 'The files to add to a vector store: either `fileIds` or `files`.',
    inputFields: (t) => ({
      vectorStoreId: t.id(vectorStoreId),
      fileIds: t.idList({
        description: 'REST IDs of the files. `attributes` and `chunkingStrategy` apply to all of them.',
      }),
      files: t.field({
        type: [StoredFileInputType],
        description: 'The files, each with its own `attributes` and `chunkingStrategy`.',
      }),
      ...indexing(t),
      ...clientMutation(t),
    }),
  },
  {
    ...restField({
      description: 'Adds several files to a vector store. They are indexed after the mutation has returned.',
      operation: 'POST /vector_stores/{vector_store_id}/file_batches',
    }),
    resolve: (_, { input }, context) => payloadOf(input, (body) => createVectorStoreFileBatch(body, context)),
  },
  {
    description: 'The result of adding several files to a vector store.',
    outputFields: (t) => ({
      vectorStoreFileBatch: t.expose('vectorStoreFileBatch', {
        type: VectorStoreFileBatch,
        nullable: false,
        description: 'The batch.',
      }),
      clientMutationId: t.exposeString('clientMutationId', clientMutationIdOutput),
    }),
  },
);

builder.relayMutationField(
  'deleteVectorStoreFile',
  {
    description: 'The file to remove from a vector store.',
    inputFields: (t) => ({ vectorStoreId: t.id(vectorStoreId), fileId: t.id(fileId), ...clientMutation(t) }),
  },
  {
    ...restField({
      description: 'Removes a file from a vector store. The file itself is not deleted.',
      operation: 'DELETE /vector_stores/{vector_store_id}/files/{file_id}',
    }),
    resolve: (_, { input }, context) => payloadOf(input, (body) => deleteVectorStoreFile(body, context)),
  },
  {
    description: 'The result of the removal.',
    outputFields: (t) => ({
      deletedVectorStoreFileId: t.exposeID('deletedVectorStoreFileId', {
        nullable: false,
        description: 'The global ID of the file in the vector store.',
      }),
      clientMutationId: t.exposeString('clientMutationId', clientMutationIdOutput),
    }),
  },
);
