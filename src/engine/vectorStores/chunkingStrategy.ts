import type { RestChunkingStrategy } from '../../wire/tool.ts';
import type { RestVectorStoreFile } from '../../wire/vectorStore.ts';
import type { ChunkSizes } from '../ingestion/textChunks.ts';

/** Of the strategy `auto`, as the API defines it. */
const auto = { max_chunk_size_tokens: 800, chunk_overlap_tokens: 400 };

/** The strategy as the API returns it: `auto` becomes `static`. */
export const shownStrategy = (
  strategy: RestChunkingStrategy | undefined,
): NonNullable<RestVectorStoreFile['chunking_strategy']> => ({
  type: 'static',
  static: strategy?.type === 'static' ? strategy.static : auto,
});

export const chunkSizesOf = (strategy: RestVectorStoreFile['chunking_strategy']): ChunkSizes => {
  const sizes = strategy?.type === 'static' ? strategy.static : auto;
  return { maxTokens: sizes.max_chunk_size_tokens, overlapTokens: sizes.chunk_overlap_tokens };
};
