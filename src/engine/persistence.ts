import type { BlobStore } from './files/blobStore.ts';
import { openDataFileContents } from './files/dataFileContents.ts';
import { postgresBlobStore } from './files/postgresBlobStore.ts';
import type { EmbeddingEndpoint } from './search/embeddings.ts';
import { postgresIndex } from './search/postgresIndex.ts';
import type { SearchIndex } from './search/searchIndex.ts';
import { sqliteIndex } from './search/sqliteIndex.ts';
import type { DatabaseUse } from './store/postgres/databaseUse.ts';
import { openPostgresStore } from './store/postgres/postgresStore.ts';
import { openSqliteStore } from './store/sqlite/sqliteStore.ts';
import type { Store } from './store/store.ts';

export interface PersistenceOptions {
  /** Path of an SQLite file, created if missing, or `:memory:`. Not used with `databaseUrl`. */
  dataPath: string;
  /** URL of a PostgreSQL database, which several engines may use at once. By default the data is in the SQLite file. */
  databaseUrl?: string | undefined;
  /** The most connections to that database, in addition to three of the search index. Default: 10. */
  databasePoolSize?: number | undefined;
  /** Endpoint whose vectors file search uses in addition to words. Default: none. */
  embedding?: EmbeddingEndpoint | undefined;
  /** Called with one-line log messages for the operator. Default: none are logged. */
  log?: ((line: string) => void) | undefined;
}

/** All that an engine stores. */
interface Persistence {
  store: Store;
  /** The contents of files. */
  blobs: BlobStore;
  index: SearchIndex;
}

/**
 * Opens the data file, with the folder of the files and the search index next to it, or the database, which has everything.
 * @throws {StoreUnavailableError} if it can't be used; the message is one line that says why. Other errors if the
 * folder of the files can't. A data file is for one process; in a database, commands and servers exclude each other.
 */
export const openPersistence = async (
  { dataPath, databaseUrl, databasePoolSize: poolSize, embedding, log }: PersistenceOptions,
  webhookTargets: readonly string[] | undefined,
  use: DatabaseUse = 'server',
): Promise<Persistence> => {
  if (databaseUrl !== undefined) {
    const store = await openPostgresStore({ databaseUrl, poolSize, webhookTargets, use, log });
    return { store, blobs: postgresBlobStore(store.pool), index: postgresIndex(databaseUrl, embedding) };
  }
  const store = await openSqliteStore(dataPath, webhookTargets);
  try {
    const blobs = await openDataFileContents(dataPath, (sha256) => store.files.isReferenced(sha256));
    return { store, blobs, index: sqliteIndex(dataPath, embedding) };
  } catch (error) {
    await store.close();
    throw error;
  }
};
