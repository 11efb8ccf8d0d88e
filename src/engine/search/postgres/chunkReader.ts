import { chunkKey, entryOfKey, positionOfKey } from '../chunkKey.ts';
import type { Embedder } from '../embeddings.ts';
import { indexSearch } from '../indexSearch.ts';
import type { ChunkReader } from '../indexStorage.ts';
import type { Ranked } from '../rankFusion.ts';
import { ENTRY_PAGE, type FoundChunk, type IndexedFile } from '../searchIndex.ts';
import { type IndexPool, openIndexPool } from './indexPool.ts';
import { lexemeSearch } from './lexemeSearch.ts';
import { type TenantScope, scopeIn } from './scope.ts';
import { storedVectors } from './storedVectors.ts';

/** Chunks of a text that are read at once. */
const TEXT_PAGE = 100;

/** Connections. Searches at the same time wait for each other beyond these. */
const POOL_SIZE = 2;

const foundIn = async (pool: IndexPool, ranked: readonly Ranked[]): Promise<FoundChunk[]> => {
  const rows = await pool.rows<{ entry: number; position: number; text: string }>(
    `select e.entry as entry, c.position as position, c.text as text
      from unnest($1::bigint[], $2::integer[]) as found (entry, position)
        join search_entries as e on e.entry = found.entry and e.is_current
        join search_chunks as c on c.build = e.build and c.position = found.position`,
    [ranked.map(({ key }) => entryOfKey(key)), ranked.map(({ key }) => positionOfKey(key))],
  );
  const texts = new Map(rows.map(({ entry, position, text }) => [chunkKey(entry, position), text]));
  return ranked.flatMap(({ key, score }) => {
    const text = texts.get(key);
    return text === undefined ? [] : [{ entry: entryOfKey(key), position: positionOfKey(key), score, text }];
  });
};

/** Opens the tables of the index to read them. */
export const openPostgresChunkReader = async (
  databaseUrl: string,
  embed: Embedder | undefined,
): Promise<ChunkReader> => {
  const pool = await openIndexPool(databaseUrl, POOL_SIZE);
  return {
    search: indexSearch<TenantScope>(
      {
        scopeOf: (search) => scopeIn(pool, search),
        byWords: lexemeSearch(pool),
        vectors: storedVectors(pool, embed?.model),
        found: (ranked) => foundIn(pool, ranked),
      },
      embed,
    ),

    textOf: async (entry, from) => {
      const rows = await pool.rows<{ text: string; overlap: number }>(
        `select c.text as text, c.overlap as overlap from search_chunks as c
          join search_entries as e on e.build = c.build and e.is_current
          where e.entry = $1 and c.position >= $2 order by c.position limit $3`,
        [entry, from, TEXT_PAGE],
      );
      return rows.map(({ text, overlap }) => text.slice(overlap));
    },

    entriesAfter: async (after) => {
      const rows = await pool.rows<IndexedFile & { model: string | null }>(
        `select entry, tenant, store_id as "vectorStoreId", file_id as "fileId", model from search_entries
          where is_current and entry > $1 order by entry limit $2`,
        [after, ENTRY_PAGE],
      );
      const current = embed?.model ?? null;
      return rows.map(({ model, ...file }) => ({ ...file, isCurrent: model === current }));
    },

    close: () => pool.close(),
  };
};
