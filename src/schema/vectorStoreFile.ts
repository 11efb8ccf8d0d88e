import { pure } from '../execution/purity.ts';
import { fileOf } from '../resolvers/file.ts';
import { encodeGlobalId } from '../resolvers/globalId.ts';
import { vectorStoreOf } from '../resolvers/vectorStore.ts';
import { filesOfStore } from '../resolvers/vectorStoreFile.ts';
import type { Received } from '../rest/received.ts';
import type { RestVectorStoreFile } from '../wire/vectorStore.ts';
import { builder, fromIds } from './builder.ts';
import { ChunkingStrategy } from './chunkingStrategy.ts';
import { File } from './file.ts';
import { Node } from './node.ts';
import { unknownValue } from './openEnum.ts';
import { edgeTo, restField } from './restField.ts';
import { orderArg } from './sortOrder.ts';
import { VectorStore } from './vectorStore.ts';

export const VectorStoreFileStatus = builder.enumType('VectorStoreFileStatus', {
  description: 'Whether a file of a vector store, or a batch of them, has been indexed.',
  values: {
    IN_PROGRESS: { value: 'in_progress', description: 'It is being indexed.' },
    COMPLETED: { value: 'completed', description: 'It has been indexed.' },
    CANCELLED: { value: 'cancelled', description: 'Indexing was cancelled.' },
    FAILED: { value: 'failed', description: 'It could not be indexed.' },
    ...unknownValue,
  } as const,
});

const VectorStoreFileErrorCode = builder.enumType('VectorStoreFileErrorCode', {
  description: 'The reason why a file could not be indexed.',
  values: {
    SERVER_ERROR: { value: 'server_error', description: 'The server failed.' },
    UNSUPPORTED_FILE: { value: 'unsupported_file', description: 'Files of this type cannot be indexed.' },
    INVALID_FILE: { value: 'invalid_file', description: 'The file is malformed.' },
    ...unknownValue,
  } as const,
});

const VectorStoreFileError = builder
  .objectRef<NonNullable<Received<RestVectorStoreFile>['last_error']>>('VectorStoreFileError')
  .implement({
    description: 'Why a file could not be indexed.',
    fields: (t) => ({
      code: t.expose('code', { type: VectorStoreFileErrorCode, nullable: true, description: 'The reason.' }),
      message: t.exposeString('message', { nullable: true, description: 'The reason in words.' }),
    }),
  });

export const VectorStoreFile = builder.objectRef<Received<RestVectorStoreFile>>('VectorStoreFile').implement({
  description: 'A file in a vector store.',
  interfaces: [Node],
  fields: (t) => ({
    id: t.id({
      ...fromIds,
      nullable: false,
      description: 'The global ID. The REST API uses `vectorStoreId` and `fileId`.',
      resolve: pure((file) => encodeGlobalId('VectorStoreFile', file.vector_store_id, file.id)),
    }),
    fileId: t.exposeID('id', { ...fromIds, nullable: false, description: 'REST ID of the file.' }),
    vectorStoreId: t.exposeID('vector_store_id', {
      ...fromIds,
      nullable: false,
      description: 'REST ID of the vector store.',
    }),
    object: t.string({
      nullable: false,
      description: 'The object type in the REST API, always `vector_store.file`.',
      resolve: pure(() => 'vector_store.file'),
    }),
    createdAt: t.expose('created_at', {
      type: 'DateTime',
      nullable: true,
      description: 'When the file was added to the vector store.',
    }),
    status: t.expose('status', {
      type: VectorStoreFileStatus,
      nullable: true,
      description: 'Whether the file has been indexed.',
    }),
    usageBytes: t.exposeFloat('usage_bytes', {
      nullable: true,
      description: 'The size of what has been indexed of the file, in bytes. It can differ from the size of the file.',
    }),
    lastError: t.expose('last_error', {
      type: VectorStoreFileError,
      nullable: true,
      description: 'Why the file could not be indexed. Null if it did not fail.',
    }),
    attributes: t.expose('attributes', {
      type: 'JSON',
      nullable: true,
      description: 'Up to 16 key-value pairs that searches can filter by. Values are strings, numbers or booleans.',
    }),
    chunkingStrategy: t.expose('chunking_strategy', {
      type: ChunkingStrategy,
      nullable: true,
      description: 'How the file was split into chunks.',
    }),
    file: t.field({
      type: File,
      ...edgeTo('The file.', { fromIds: true }),
      resolve: ({ id }, _, context, info) => fileOf({ file_id: id }, context, info),
    }),
    vectorStore: t.field({
      type: VectorStore,
      ...edgeTo('The vector store.', { fromIds: true }),
      resolve: (file, _, context, info) => vectorStoreOf(file, context, info),
    }),
  }),
});

export const VectorStoreFileEdge = builder.edgeObject({
  type: VectorStoreFile,
  name: 'VectorStoreFileEdge',
  description: 'An edge in a list of files of a vector store.',
});

const VectorStoreFileConnection = builder.connectionObject(
  { type: VectorStoreFile, name: 'VectorStoreFileConnection', description: 'A page of files of a vector store.' },
  VectorStoreFileEdge,
);

builder.objectField(VectorStore, 'files', (t) =>
  t.connection(
    {
      type: VectorStoreFile,
      ...restField({
        description: 'A list of the files in the vector store, newest first by default.',
        operation: 'GET /vector_stores/{vector_store_id}/files',
        fromIds: true,
        ownList: true,
      }),
      args: {
        ...orderArg,
        filter: t.arg({ type: VectorStoreFileStatus, description: 'Returns only files with this status.' }),
      },
      resolve: ({ id }, args, context, info) => filesOfStore(id, args, context, info),
    },
    VectorStoreFileConnection,
    VectorStoreFileEdge,
  ),
);
