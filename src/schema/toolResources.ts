import type { Received } from '../rest/received.ts';
import type {
  CreateToolResourcesInput,
  ToolResourcesInput,
  VectorStoreInput,
} from '../resolvers/toolResourcesInput.ts';
import type { RestToolResources } from '../wire/tool.ts';
import { builder } from './builder.ts';

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
    }),
  });

const FileSearchResources = builder.objectRef<NonNullable<Resources['file_search']>>('FileSearchResources').implement({
  description: 'The resources of file search.',
  fields: (t) => ({
    vectorStoreIds: t.exposeIDList('vector_store_ids', {
      nullable: true,
      description: 'ID of the vector store that is searched. At most one. Null if none is set.',
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

const StaticChunkingInput = builder.inputType('StaticChunkingInput', {
  description: 'Chunks of a fixed size.',
  fields: (t) => ({
    maxChunkSizeTokens: t.int({
      required: true,
      description: 'The maximum number of tokens in a chunk, from 100 to 4096.',
    }),
    chunkOverlapTokens: t.int({
      required: true,
      description: 'The number of tokens that adjacent chunks share. At most half of `maxChunkSizeTokens`.',
    }),
  }),
});

const ChunkingStrategyInput = builder.inputType('ChunkingStrategyInput', {
  description: 'How files are split into chunks. Set exactly one field, and not to null.',
  isOneOf: true,
  fields: (t) => ({
    auto: t.boolean({ description: 'The server chooses the size of the chunks. Can only be true.' }),
    static: t.field({ type: StaticChunkingInput, description: 'Chunks of a fixed size.' }),
  }),
});

const VectorStoreInputType = builder.inputRef<VectorStoreInput>('VectorStoreInput').implement({
  description: 'A vector store to create together with the object.',
  fields: (t) => ({
    fileIds: t.idList({ description: 'IDs of the files to add to the vector store.' }),
    chunkingStrategy: t.field({
      type: ChunkingStrategyInput,
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
