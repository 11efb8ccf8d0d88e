import type { Chunk } from '../ingestion/textChunks.ts';
import type { Embedder } from './embeddings.ts';
import type { NewIndexedFile, SearchIndex } from './searchIndex.ts';

/** A chunk with its vector of length 1, if vectors are used. */
export interface EmbeddedChunk extends Chunk {
  vector: Float32Array | undefined;
}

/** Writes to the database of an index, one call at a time. */
export interface ChunkWriter {
  /** Replaces the chunks of an entry, all or none. Resolves with the bytes of their texts and vectors. */
  replace(file: NewIndexedFile, chunks: AsyncIterable<EmbeddedChunk>): Promise<{ bytes: number }>;
  remove(entries: readonly number[]): Promise<void>;
  close(): Promise<void>;
}

/** Reads the database of an index, while others may write it. */
export type ChunkReader = Pick<SearchIndex, 'search' | 'textOf' | 'entriesAfter' | 'close'>;

/** Where an index is stored. It is passed to the threads that use it. */
export type IndexLocation = { sqlitePath: string } | { databaseUrl: string };

/** Opens the database of an index to write it, which creates it if needed. `model` is that of the vectors. */
export const openChunkWriter = async (location: IndexLocation, model: string | undefined): Promise<ChunkWriter> => {
  if ('databaseUrl' in location) {
    const { openPostgresChunkWriter } = await import('./postgres/chunkWriter.ts');
    return openPostgresChunkWriter(location.databaseUrl, model);
  }
  const { openSqliteChunkWriter } = await import('./sqlite/chunkWriter.ts');
  return openSqliteChunkWriter(location.sqlitePath, model);
};

export const openChunkReader = async (location: IndexLocation, embed: Embedder | undefined): Promise<ChunkReader> => {
  if ('databaseUrl' in location) {
    const { openPostgresChunkReader } = await import('./postgres/chunkReader.ts');
    return openPostgresChunkReader(location.databaseUrl, embed);
  }
  const { openSqliteChunkReader } = await import('./sqlite/chunkReader.ts');
  return openSqliteChunkReader(location.sqlitePath, embed);
};
