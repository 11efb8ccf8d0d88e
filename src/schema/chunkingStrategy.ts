import type { ChunkingStrategyInput } from '../resolvers/chunkingStrategy.ts';
import type { Received } from '../rest/received.ts';
import type { RestVectorStoreFile } from '../wire/vectorStore.ts';
import { builder } from './builder.ts';
import { openUnion } from './openUnion.ts';

type Strategy = NonNullable<Received<RestVectorStoreFile>['chunking_strategy']>;

type Static = Extract<Strategy, { type: 'static' }>;

export const ChunkingStrategy = openUnion<Strategy>('ChunkingStrategy', 'How a file was split into chunks.', {
  static: 'StaticChunkingStrategy',
  other: 'OtherChunkingStrategy',
});

const StaticChunking = builder.objectRef<NonNullable<Static['static']>>('StaticChunking').implement({
  description: 'Chunks of a fixed size.',
  fields: (t) => ({
    maxChunkSizeTokens: t.exposeInt('max_chunk_size_tokens', {
      nullable: true,
      description: 'The maximum number of tokens in a chunk.',
    }),
    chunkOverlapTokens: t.exposeInt('chunk_overlap_tokens', {
      nullable: true,
      description: 'The number of tokens that adjacent chunks share.',
    }),
  }),
});

builder.objectRef<Static>('StaticChunkingStrategy').implement({
  description: 'The file was split into chunks of a fixed size.',
  interfaces: [ChunkingStrategy],
  fields: (t) => ({
    static: t.expose('static', { type: StaticChunking, nullable: true, description: 'The size of the chunks.' }),
  }),
});

builder.objectRef<Extract<Strategy, { type: 'other' }>>('OtherChunkingStrategy').implement({
  description: 'How the file was split is not known. It was indexed before the REST API had chunking strategies.',
  interfaces: [ChunkingStrategy],
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

export const ChunkingStrategyInputType = builder.inputRef<ChunkingStrategyInput>('ChunkingStrategyInput').implement({
  description: 'How files are split into chunks. Set exactly one field, and not to null.',
  isOneOf: true,
  fields: (t) => ({
    auto: t.boolean({ description: 'The server chooses the size of the chunks. Can only be true.' }),
    static: t.field({ type: StaticChunkingInput, description: 'Chunks of a fixed size.' }),
  }),
});
