import { ENTRY_PAGE, type FoundChunk, type IndexedFile, type IndexSearch } from '../searchIndex.ts';
import { type Embedder, QUERY_TIMEOUT_MS } from '../embeddings.ts';
import { fused, type Ranked, united } from '../rankFusion.ts';
import { chunkKey, entryOfKey, type IndexDatabase, positionOfKey } from './indexFile.ts';
import { keywordSearch, type Scope } from './keywordSearch.ts';
import { vectorSearch } from './vectorSearch.ts';

/** Chunks of a text that are read at once. */
const TEXT_PAGE = 100;
/** Ranks of each list that are merged: a chunk may be far better by one than by the other. */
const MERGED_RANKS = 100;

/** Reads the index. */
export const indexReads = (database: IndexDatabase, embed: Embedder | undefined) => {
  const byWords = keywordSearch(database);
  const byVectors = embed && vectorSearch(database, embed.model);

  const scopeOf = ({ vectorStoreIds, entries }: IndexSearch): Scope | undefined => {
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

  const rankedFor = async (scope: Scope, queries: readonly string[], limit: number): Promise<Ranked[]> => {
    const depth = Math.max(limit, byVectors === undefined ? 0 : MERGED_RANKS);
    const words = united(queries.map((query) => byWords(query, scope, depth)));
    if (embed === undefined || byVectors === undefined || scope.stores.length === 0) return words;
    // Without the endpoint, words still find what they can.
    const vectors = await embed.embed(queries, { attempts: 1, timeoutMs: QUERY_TIMEOUT_MS }).catch(() => undefined);
    if (vectors === undefined) return words;
    return fused([words, united(vectors.map((vector) => byVectors(vector, scope, depth)))]);
  };

  return {
    search: async (search: IndexSearch): Promise<FoundChunk[]> => {
      const scope = scopeOf(search);
      if (scope === undefined) return [];
      const ranked = (await rankedFor(scope, search.queries, search.limit)).slice(0, search.limit);
      const read = database.prepare('select text from chunks where key = ?');
      return ranked.flatMap(({ key, score }) => {
        const row = read.get([key]) as { text: string } | undefined;
        if (row === undefined) return [];
        return [{ entry: entryOfKey(key), position: positionOfKey(key), score, text: row.text }];
      });
    },

    textOf: ({ entry, from }: { entry: number; from: number }): string[] => {
      const rows = database
        .prepare('select text, overlap from chunks where key between ? and ? order by key limit ?')
        .all([chunkKey(entry, from), chunkKey(entry + 1, 0) - 1, TEXT_PAGE]) as { text: string; overlap: number }[];
      return rows.map(({ text, overlap }) => text.slice(overlap));
    },

    entriesAfter: (after: number): (IndexedFile & { isCurrent: boolean })[] => {
      const rows = database
        .prepare(
          `select e.entry as entry, t.name as tenant, s.name as vectorStoreId, e.file as fileId, e.model as model
            from entries as e join tenants as t on t.id = e.tenant join stores as s on s.id = e.store
            where e.entry > ? order by e.entry limit ?`,
        )
        .all([after, ENTRY_PAGE]) as (IndexedFile & { model: string | null })[];
      return rows.map(({ model, ...file }) => ({ ...file, isCurrent: model === (embed?.model ?? null) }));
    },
  };
};
