import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EmbeddingEndpoint } from './embeddings.ts';
import type { SearchIndex } from './searchIndex.ts';
import { threadedIndex } from './threadedIndex.ts';

/**
 * The index in an SQLite file of its own next to the data file, `<data file>.search`. It is not in the data file because
 *
 * - only one connection can have the data file open (its lock is exclusive), and that one is used on the main thread: indexing
 *   100,000 chunks takes 25 seconds and a search up to 100 ms, during which the server would not respond;
 * - it can be built again from the files, so backups (`VACUUM INTO`) need not contain it, and it may be deleted;
 * - a commit of the data file is flushed to the disk, which the index does not need.
 *
 * That of `:memory:` is in a temporary folder: its two threads need a file that both can open.
 */
export const sqliteIndex = (dataPath: string, embedding: EmbeddingEndpoint | undefined): SearchIndex => {
  if (dataPath !== ':memory:') return threadedIndex(() => ({ sqlitePath: `${dataPath}.search` }), embedding);
  let folder: string | undefined;
  return threadedIndex(
    () => {
      folder ??= mkdtempSync(join(tmpdir(), 'assistants-search-'));
      return { sqlitePath: join(folder, 'index') };
    },
    embedding,
    () => {
      if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
    },
  );
};
