import type { EmbeddingEndpoint } from './embeddings.ts';
import type { SearchIndex } from './searchIndex.ts';
import { threadedIndex } from './threadedIndex.ts';

/**
 * The index in tables of a PostgreSQL database, which any number of processes may use at once. The database finds and ranks words; vectors are
 * compared by a thread of each process. The two threads have up to three connections of their own.
 */
export const postgresIndex = (databaseUrl: string, embedding: EmbeddingEndpoint | undefined): SearchIndex =>
  threadedIndex(() => ({ databaseUrl }), embedding);
