import { LRUCache } from 'lru-cache';
import type { Ranked } from '../rankFusion.ts';
import { chunkKey, type IndexDatabase } from './indexFile.ts';
import type { Scope } from './keywordSearch.ts';

/** Bytes of vectors that are kept in memory. 100,000 vectors of 384 dimensions are 154 MB. */
const CACHE_BYTES = 256 * 1024 * 1024;

interface EntryRow {
  entry: number;
  chunks: number;
  dimensions: number;
  stamp: number;
}

/** The vectors of an entry, one after the other. */
interface EntryVectors {
  stamp: number;
  values: Float32Array;
}

/** The `limit` best of what is offered. */
const bestOf = (limit: number) => {
  let kept: Ranked[] = [];
  let least = 0;
  return {
    offer: (key: number, score: number) => {
      if (score <= least) return;
      kept.push({ key, score });
      if (kept.length >= limit * 8) {
        kept = kept.toSorted((one, other) => other.score - one.score).slice(0, limit);
        least = kept.at(-1)?.score ?? 0;
      }
    },
    sorted: () => kept.toSorted((one, other) => other.score - one.score).slice(0, limit),
  };
};

/**
 * Finds chunks by the cosine of their vectors with that of the query, compared with all chunks of the stores: exact, and for
 * 100,000 chunks faster than SQL functions. Index structures for vectors are inexact, and took minutes and half a gigabyte.
 */
export const vectorSearch = (database: IndexDatabase, model: string) => {
  const cache = new LRUCache<number, EntryVectors>({
    maxSize: CACHE_BYTES,
    sizeCalculation: ({ values }) => values.byteLength + 64,
  });

  const rowsOf = ({ stores, entries }: Scope): EntryRow[] => {
    const within = entries === undefined ? '' : 'and entry in (select value from json_each(?))';
    return database
      .prepare(
        `select entry, chunks, dimensions, stamp from entries
          where store in (select value from json_each(?)) and model = ? ${within}`,
      )
      .all([JSON.stringify(stores), model, ...(entries === undefined ? [] : [JSON.stringify(entries)])]) as EntryRow[];
  };

  const vectorsOf = ({ entry, chunks, dimensions, stamp }: EntryRow): Float32Array => {
    const known = cache.get(entry);
    if (known?.stamp === stamp) return known.values;
    const values = new Float32Array(chunks * dimensions);
    const bytes = new Uint8Array(values.buffer);
    const rows = database
      .prepare('select vector from vectors where key between ? and ? order by key')
      .all([chunkKey(entry, 0), chunkKey(entry + 1, 0) - 1]) as { vector: ArrayBuffer }[];
    for (const [index, { vector }] of rows.entries()) {
      if (vector.byteLength === dimensions * 4) bytes.set(new Uint8Array(vector), index * dimensions * 4);
    }
    cache.set(entry, { stamp, values });
    return values;
  };

  /** Best first. `query` has the length 1, as all vectors have. The score is the cosine, or 0 if it is negative. */
  return (query: Float32Array, scope: Scope, limit: number): Ranked[] => {
    const best = bestOf(limit);
    const { length: dimensions } = query;
    for (const row of rowsOf(scope)) {
      if (row.dimensions !== dimensions) continue;
      const values = vectorsOf(row);
      for (let position = 0; position < row.chunks; position += 1) {
        const start = position * dimensions;
        let cosine = 0;
        for (let at = 0; at < dimensions; at += 1) cosine += (query[at] ?? 0) * (values[start + at] ?? 0);
        best.offer(chunkKey(row.entry, position), cosine);
      }
    }
    return best.sorted().map(({ key, score }) => ({ key, score: Math.min(1, score) }));
  };
};
