import { filesOf } from '../resolvers/file.ts';
import { vectorStoresOf } from '../resolvers/vectorStore.ts';
import type { Received } from '../rest/received.ts';
import type {
  CreateToolResourcesInput,
  ToolResourcesInput,
  VectorStoreInput,
} from '../resolvers/toolResourcesInput.ts';
import type { RestToolResources } from '../wire/tool.ts';
import { builder } from './builder.ts';
import { ChunkingStrategyInputType } from './chunkingStrategy.ts';
import { File } from './file.ts';
import { edgesTo } from './restField.ts';
import { VectorStore } from './vectorStore.ts';

type Resources = Received<RestToolResources>;

const CodeInterpreterResources = builder
  .objectRef<NonNullable<Resources['code_interpreter']>>('CodeInterpreterResources')
  .implement({
    description: 'The resources of the code interpreter.',
    fields: (t) => ({
      fileIds: t.idList({
        nullable: false,
        description: 'IDs of the files that the code interpreter can read. Up to 20.',
        resolve: ({ file_ids }) => file_ids ?? [],
      }),
      files: t.field({
        type: [File],
        ...edgesTo('The files, in the order of `fileIds`.'),
        resolve: (resources, _, context, info) => filesOf(resources, context, info),
      }),
    }),
  });

const FileSearchResources = builder.objectRef<NonNullable<Resources['file_search']>>('FileSearchResources').implement({
  description: 'The resources of file search.',
  fields: (t) => ({
    vectorStoreIds: t.exposeIDList('vector_store_ids', {
      nullable: true,
      description: 'ID of the vector store that is searched. At most one. Null if none is set.',
    }),
    vectorStores: t.field({
      type: [VectorStore],
      ...edgesTo('The vector stores, in the order of `vectorStoreIds`.'),
      resolve: (resources, _, context, info) => vectorStoresOf(resources, context, info),
    }),
  }),
});

export const ToolResources = builder.objectRef<Resources>('ToolResources').implement({
  description: 'The files and vector stores that the tools can use.',
  fields: (t) => ({
    codeInterpreter: t.expose('code_interpreter', {
      type: CodeInterpreterResources,
      nullable: true,
      description: 'The resources of the code interpreter. Null if none are set.',
    }),
    fileSearch: t.expose('file_search', {
      type: FileSearchResources,
      nullable: true,
      description: 'The resources of file search. Null if none are set.',
    }),
  }),
});

const CodeInterpreterResourcesInput = builder.inputType('CodeInterpreterResourcesInput', {
  description: 'The resources of the code interpreter.',
  fields: (t) => ({ fileIds: t.idList({ description: 'IDs of the files. Up to 20. Replaces the whole list.' }) }),
});

const FileSearchResourcesInput = builder.inputType('FileSearchResourcesInput', {
  description: 'The resources of file search.',
  fields: (t) => ({
    vectorStoreIds: t.idList({ description: 'ID of the vector store. At most one. Replaces the whole list.' }),
  }),
});

export const ToolResourcesInputType = builder.inputRef<ToolResourcesInput>('ToolResourcesInput').implement({
  description: 'The files and vector stores that the tools can use.',
  fields: (t) => ({
    codeInterpreter: t.field({
      type: CodeInterpreterResourcesInput,
      description: 'The resources of the code interpreter.',
    }),
    fileSearch: t.field({ type: FileSearchResourcesInput, description: 'The resources of file search.' }),
  }),
});

const VectorStoreInputType = builder.inputRef<VectorStoreInput>('VectorStoreInput').implement({
  description: 'A vector store to create together with the object.',
  fields: (t) => ({
    fileIds: t.idList({ description: 'IDs of the files to add to the vector store.' }),
    chunkingStrategy: t.field({
      type: ChunkingStrategyInputType,
      description: 'How the files are split into chunks. Defaults to `auto`.',
    }),
    metadata: t.field({ type: 'Metadata', description: 'Custom key-value pairs of the vector store.' }),
  }),
});

const CreateFileSearchResourcesInput = builder.inputType('CreateFileSearchResourcesInput', {
  description: 'The resources of file search: either an existing vector store or one to create.',
  fields: (t) => ({
    vectorStoreIds: t.idList({ description: 'ID of an existing vector store. At most one.' }),
    vectorStores: t.field({
      type: [VectorStoreInputType],
      description: 'The vector store to create. At most one. Its ID is returned in `vectorStoreIds`.',
    }),
  }),
});

export const CreateToolResourcesInputType = builder
  .inputRef<CreateToolResourcesInput>('CreateToolResourcesInput')
  .implement({
    description: 'The files and vector stores that the tools can use, with vector stores to create.',
    fields: (t) => ({
      codeInterpreter: t.field({
        type: CodeInterpreterResourcesInput,
        description: 'The resources of the code interpreter.',
      }),
      fileSearch: t.field({ type: CreateFileSearchResourcesInput, description: 'The resources of file search.' }),
    }),
  });
