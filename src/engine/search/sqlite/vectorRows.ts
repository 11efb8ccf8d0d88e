import { chunkKey } from '../chunkKey.ts';
import type { VectorEntry, VectorSource } from '../vectorSearch.ts';
import type { IndexDatabase } from './indexFile.ts';
import type { Scope } from './keywordSearch.ts';

/** The vectors of a model in the index. */
export const vectorRows = (database: IndexDatabase, model: string | undefined): VectorSource<Scope> => {
  const vectorsOf = ({ entry, chunks, dimensions }: VectorEntry): Float32Array => {
    const values = new Float32Array(chunks * dimensions);
    const bytes = new Uint8Array(values.buffer);
    const rows = database
      .prepare('select vector from vectors where key between ? and ? order by key')
      .all([chunkKey(entry, 0), chunkKey(entry + 1, 0) - 1]) as { vector: ArrayBuffer }[];
    for (const [index, { vector }] of rows.entries()) {
      if (vector.byteLength === dimensions * 4) bytes.set(new Uint8Array(vector), index * dimensions * 4);
    }
    return values;
  };

  return {
    entriesIn: ({ stores, entries }, dimensions) => {
      const within = entries === undefined ? '' : 'and entry in (select value from json_each(?))';
      const rows = database
        .prepare(
          `select entry, chunks, dimensions, stamp as version from entries
            where store in (select value from json_each(?)) and model = ? and dimensions = ? ${within}`,
        )
        .all([
          JSON.stringify(stores),
          model ?? null,
          dimensions,
          ...(entries === undefined ? [] : [JSON.stringify(entries)]),
        ]);
      return Promise.resolve(rows as VectorEntry[]);
    },
    read: (entries) => Promise.resolve(entries.map(vectorsOf)),
  };
};
