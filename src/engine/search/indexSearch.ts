import { type Embedder, QUERY_TIMEOUT_MS } from './embeddings.ts';
import { fused, type Ranked, united } from './rankFusion.ts';
import type { FoundChunk, IndexSearch } from './searchIndex.ts';
import { vectorSearch, type VectorSource } from './vectorSearch.ts';

/** Ranks of each list that are merged: a chunk may be far better by one than by the other. */
const MERGED_RANKS = 100;

/** What a database of an index can be asked for. `Scope` is where to search, as the database knows it. */
export interface SearchableChunks<Scope> {
  /** Undefined if the stores have no chunks. */
  scopeOf(search: IndexSearch): Promise<Scope | undefined>;
  /**
   * Finds chunks by their words, best first. The score is the part of the query that a chunk has, with rare words counting more: 1 if it has
   * each word at least once, and is not longer than others.
   */
  byWords(query: string, scope: Scope, limit: number): Promise<Ranked[]>;
  vectors: VectorSource<Scope>;
  /** Those of the chunks that are still there, in their order. */
  found(ranked: readonly Ranked[]): Promise<FoundChunk[]>;
}

/** The results of some queries, each of which `search` finds. */
const unitedFor = async <Query>(queries: readonly Query[], search: (query: Query) => Promise<Ranked[]>) => {
  const lists: Ranked[][] = [];
  for (const query of queries) lists.push(await search(query));
  return united(lists);
};

/** Searches chunks by words, and by the vectors of `embed` if there is one. Best first. */
export const indexSearch = <Scope>(chunks: SearchableChunks<Scope>, embed: Embedder | undefined) => {
  const byVectors = vectorSearch(chunks.vectors);

  const rankedFor = async (scope: Scope, queries: readonly string[], limit: number): Promise<Ranked[]> => {
    const depth = Math.max(limit, embed === undefined ? 0 : MERGED_RANKS);
    const words = await unitedFor(queries, (query) => chunks.byWords(query, scope, depth));
    // Without the endpoint, words still find what they can.
    const vectors = await embed?.embed(queries, { attempts: 1, timeoutMs: QUERY_TIMEOUT_MS }).catch(() => undefined);
    if (vectors === undefined) return words;
    return fused([words, await unitedFor(vectors, (vector) => byVectors(vector, scope, depth))]);
  };

  return async (search: IndexSearch): Promise<FoundChunk[]> => {
    const scope = await chunks.scopeOf(search);
    if (scope === undefined) return [];
    return chunks.found((await rankedFor(scope, search.queries, search.limit)).slice(0, search.limit));
  };
};
