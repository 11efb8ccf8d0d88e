import { LRUCache } from 'lru-cache';
import { chunkKey } from './chunkKey.ts';
import type { Ranked } from './rankFusion.ts';

/** Bytes of vectors that are kept in memory. 100,000 vectors of 384 dimensions are 154 MB. */
const CACHE_BYTES = 256 * 1024 * 1024;
/** Bytes of vectors that are read at once, about. */
const READ_BYTES = 8 * 1024 * 1024;

/** An entry that has vectors. */
export interface VectorEntry {
  entry: number;
  chunks: number;
  dimensions: number;
  /** Changes when the entry is indexed again. */
  version: number;
}

/** Where the vectors of entries are stored. */
export interface VectorSource<Scope> {
  /** The entries within `scope` with vectors of `dimensions` numbers, of the model that is used. */
  entriesIn(scope: Scope, dimensions: number): Promise<readonly VectorEntry[]>;
  /** The vectors of each entry, one after the other. What is missing is 0. */
  read(entries: readonly VectorEntry[]): Promise<readonly Float32Array[]>;
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

const bytesOf = ({ chunks, dimensions }: VectorEntry) => chunks * dimensions * 4;

/** The entries in groups that are read at once. */
function* groupsOf(entries: readonly VectorEntry[]): Generator<VectorEntry[]> {
  let group: VectorEntry[] = [];
  let bytes = 0;
  for (const entry of entries) {
    group.push(entry);
    bytes += bytesOf(entry);
    if (bytes >= READ_BYTES) {
      yield group;
      [group, bytes] = [[], 0];
    }
  }
  if (group.length > 0) yield group;
}

/**
 * Finds chunks by the cosine of their vectors with that of the query, compared with all chunks of the stores: exact, and for
 * 100,000 chunks faster than SQL functions. Index structures for vectors are inexact, and took minutes and half a gigabyte.
 */
export const vectorSearch = <Scope>(source: VectorSource<Scope>) => {
  const cache = new LRUCache<number, { version: number; values: Float32Array }>({
    maxSize: CACHE_BYTES,
    sizeCalculation: ({ values }) => values.byteLength + 64,
  });
  const knownOf = ({ entry, version }: VectorEntry): Float32Array | undefined => {
    const known = cache.get(entry);
    return known?.version === version ? known.values : undefined;
  };

  /** Best first. `query` has the length 1, as all vectors have. The score is the cosine, or 0 if it is negative. */
  return async (query: Float32Array, scope: Scope, limit: number): Promise<Ranked[]> => {
    const best = bestOf(limit);
    const { length: dimensions } = query;
    const compare = ({ entry, chunks }: VectorEntry, values: Float32Array) => {
      for (let position = 0; position < chunks; position += 1) {
        const start = position * dimensions;
        let cosine = 0;
        for (let at = 0; at < dimensions; at += 1) cosine += (query[at] ?? 0) * (values[start + at] ?? 0);
        best.offer(chunkKey(entry, position), cosine);
      }
    };
    const unknown: VectorEntry[] = [];
    for (const entry of await source.entriesIn(scope, dimensions)) {
      const values = knownOf(entry);
      if (values === undefined) unknown.push(entry);
      else compare(entry, values);
    }
    for (const group of groupsOf(unknown)) {
      const read = await source.read(group);
      for (const [index, entry] of group.entries()) {
        const values = read[index] ?? new Float32Array();
        cache.set(entry.entry, { version: entry.version, values });
        compare(entry, values);
      }
    }
    return best.sorted().map(({ key, score }) => ({ key, score: Math.min(1, score) }));
  };
};
