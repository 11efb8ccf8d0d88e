import { pure } from '../execution/purity.ts';
import { vectorStoreOf } from '../resolvers/vectorStore.ts';
import type { Received } from '../rest/received.ts';
import type { RestVectorStoreFileBatch } from '../wire/vectorStore.ts';
import { builder } from './builder.ts';
import { edgeTo } from './restField.ts';
import { VectorStore, VectorStoreFileCounts } from './vectorStore.ts';
import { VectorStoreFileStatus } from './vectorStoreFile.ts';

export const VectorStoreFileBatch = builder
  .objectRef<Received<RestVectorStoreFileBatch>>('VectorStoreFileBatch')
  .implement({
    description:
      'Files that were added to a vector store together. It cannot be looked up: the files and the vector store show how far indexing has come.',
    fields: (t) => ({
      batchId: t.exposeID('id', { nullable: false, description: 'REST ID of the batch.' }),
      vectorStoreId: t.exposeID('vector_store_id', { nullable: false, description: 'REST ID of the vector store.' }),
      object: t.string({
        nullable: false,
        description: 'The object type in the REST API, always `vector_store.files_batch`.',
        resolve: pure(() => 'vector_store.files_batch'),
      }),
      createdAt: t.expose('created_at', {
        type: 'DateTime',
        nullable: true,
        description: 'When the batch was created.',
      }),
      status: t.expose('status', {
        type: VectorStoreFileStatus,
        nullable: true,
        description: 'Whether the files had been indexed when the mutation returned.',
      }),
      fileCounts: t.expose('file_counts', {
        type: VectorStoreFileCounts,
        nullable: true,
        description: 'How many files of the batch were in each status when the mutation returned.',
      }),
      vectorStore: t.field({
        type: VectorStore,
        ...edgeTo('The vector store.'),
        resolve: (batch, _, context, info) => vectorStoreOf(batch, context, info),
      }),
    }),
  });
