import { chunkKey, entryOfKey, positionOfKey } from '../chunkKey.ts';
import type { Embedder } from '../embeddings.ts';
import { indexSearch } from '../indexSearch.ts';
import type { ChunkReader } from '../indexStorage.ts';
import type { Ranked } from '../rankFusion.ts';
import { ENTRY_PAGE, type FoundChunk, type IndexedFile, type IndexSearch } from '../searchIndex.ts';
import { type IndexDatabase, openIndexToRead } from './indexFile.ts';
import { keywordSearch, type Scope } from './keywordSearch.ts';
import { vectorRows } from './vectorRows.ts';

/** Chunks of a text that are read at once. */
const TEXT_PAGE = 100;

const scopeIn = (database: IndexDatabase, { vectorStoreIds, entries }: IndexSearch): Scope | undefined => {
  const rows = database
    .prepare(
      `select distinct s.id as id, e.tenant as tenant from stores as s join entries as e on e.store = s.id
        where s.name in (select value from json_each(?))`,
    )
    .all([JSON.stringify(vectorStoreIds)]) as { id: number; tenant: number }[];
  const [first] = rows;
  if (first === undefined) return undefined;
  const { tenant } = first;
  return { tenant, stores: rows.flatMap((row) => (row.tenant === tenant ? [row.id] : [])), entries };
};

const foundIn = (database: IndexDatabase, ranked: readonly Ranked[]): FoundChunk[] => {
  const read = database.prepare('select text from chunks where key = ?');
  return ranked.flatMap(({ key, score }) => {
    const row = read.get([key]) as { text: string } | undefined;
    if (row === undefined) return [];
    return [{ entry: entryOfKey(key), position: positionOfKey(key), score, text: row.text }];
  });
};

/** Opens the index file to read it. */
export const openSqliteChunkReader = (path: string, embed: Embedder | undefined): ChunkReader => {
  const database = openIndexToRead(path);
  return {
    search: indexSearch<Scope>(
      {
        scopeOf: (search) => Promise.resolve(scopeIn(database, search)),
        byWords: keywordSearch(database),
        vectors: vectorRows(database, embed?.model),
        found: (ranked) => Promise.resolve(foundIn(database, ranked)),
      },
      embed,
    ),

    textOf: (entry, from) => {
      const rows = database
        .prepare('select text, overlap from chunks where key between ? and ? order by key limit ?')
        .all([chunkKey(entry, from), chunkKey(entry + 1, 0) - 1, TEXT_PAGE]) as { text: string; overlap: number }[];
      return Promise.resolve(rows.map(({ text, overlap }) => text.slice(overlap)));
    },

    entriesAfter: (after) => {
      const rows = database
        .prepare(
          `select e.entry as entry, t.name as tenant, s.name as vectorStoreId, e.file as fileId, e.model as model
            from entries as e join tenants as t on t.id = e.tenant join stores as s on s.id = e.store
            where e.entry > ? order by e.entry limit ?`,
        )
        .all([after, ENTRY_PAGE]) as (IndexedFile & { model: string | null })[];
      const current = embed?.model ?? null;
      return Promise.resolve(rows.map(({ model, ...file }) => ({ ...file, isCurrent: model === current })));
    },

    close: () => {
      database.close();
      return Promise.resolve();
    },
  };
};
