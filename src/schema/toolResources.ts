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
    description: 'What the code interpreter may read.',
    fields: (t) => ({
      fileIds: t.idList({
        nullable: false,
        description: 'Files that the code interpreter may read; up to 20.',
        resolve: ({ file_ids }) => file_ids ?? [],
      }),
    }),
  });

const FileSearchResources = builder.objectRef<NonNullable<Resources['file_search']>>('FileSearchResources').implement({
  description: 'What file search looks through.',
  fields: (t) => ({
    vectorStoreIds: t.exposeIDList('vector_store_ids', {
      nullable: true,
      description: 'The vector store that file search looks through; at most one.',
    }),
  }),
});

export const ToolResources = builder.objectRef<Resources>('ToolResources').implement({
  description: 'What the tools may draw on, by tool.',
  fields: (t) => ({
    codeInterpreter: t.expose('code_interpreter', {
      type: CodeInterpreterResources,
      nullable: true,
      description: 'For the code interpreter. Null where nothing is set.',
    }),
    fileSearch: t.expose('file_search', {
      type: FileSearchResources,
      nullable: true,
      description: 'For file search. Null where nothing is set.',
    }),
  }),
});

const CodeInterpreterResourcesInput = builder.inputType('CodeInterpreterResourcesInput', {
  description: 'What the code interpreter may read.',
  fields: (t) => ({ fileIds: t.idList({ description: 'Ids of files; up to 20. Replaces the whole list.' }) }),
});

const FileSearchResourcesInput = builder.inputType('FileSearchResourcesInput', {
  description: 'What file search looks through.',
  fields: (t) => ({ vectorStoreIds: t.idList({ description: 'At most one vector store. Replaces the whole list.' }) }),
});

export const ToolResourcesInputType = builder.inputRef<ToolResourcesInput>('ToolResourcesInput').implement({
  description: 'What the tools may draw on, by tool.',
  fields: (t) => ({
    codeInterpreter: t.field({ type: CodeInterpreterResourcesInput, description: 'For the code interpreter.' }),
    fileSearch: t.field({ type: FileSearchResourcesInput, description: 'For file search.' }),
  }),
});

const StaticChunkingInput = builder.inputType('StaticChunkingInput', {
  description: 'Chunks of a size of your own.',
  fields: (t) => ({
    maxChunkSizeTokens: t.int({ required: true, description: 'The most tokens in a chunk; 100 to 4096.' }),
    chunkOverlapTokens: t.int({
      required: true,
      description: 'How many tokens neighbouring chunks share; at most half of the chunk size.',
    }),
  }),
});

const ChunkingStrategyInput = builder.inputType('ChunkingStrategyInput', {
  description: 'How files are cut into the chunks that are searched. Exactly one member.',
  isOneOf: true,
  fields: (t) => ({
    auto: t.boolean({ description: 'As the server sees fit; only ever true.' }),
    static: t.field({ type: StaticChunkingInput, description: 'Chunks of a size of your own.' }),
  }),
});

const VectorStoreInputType = builder.inputRef<VectorStoreInput>('VectorStoreInput').implement({
  description: 'A vector store that is made along with the object.',
  fields: (t) => ({
    fileIds: t.idList({ description: 'Ids of the files to put into it.' }),
    chunkingStrategy: t.field({
      type: ChunkingStrategyInput,
      description: 'How the files are cut; `auto` unless told.',
    }),
    metadata: t.field({ type: 'Metadata', description: 'Your own notes on the vector store.' }),
  }),
});

const CreateFileSearchResourcesInput = builder.inputType('CreateFileSearchResourcesInput', {
  description: 'What file search looks through: a vector store that exists, or one to be made. Not both.',
  fields: (t) => ({
    vectorStoreIds: t.idList({ description: 'At most one vector store.' }),
    vectorStores: t.field({
      type: [VectorStoreInputType],
      description: 'At most one vector store to make. It is answered under `vectorStoreIds`.',
    }),
  }),
});

export const CreateToolResourcesInputType = builder
  .inputRef<CreateToolResourcesInput>('CreateToolResourcesInput')
  .implement({
    description: 'What the tools may draw on, by tool, where it may be made along with the object.',
    fields: (t) => ({
      codeInterpreter: t.field({ type: CodeInterpreterResourcesInput, description: 'For the code interpreter.' }),
      fileSearch: t.field({ type: CreateFileSearchResourcesInput, description: 'For file search.' }),
    }),
  });
