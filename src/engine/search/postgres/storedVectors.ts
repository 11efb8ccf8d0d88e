import type { VectorEntry, VectorSource } from '../vectorSearch.ts';
import type { IndexPool } from './indexPool.ts';
import type { TenantScope } from './scope.ts';

/** The vectors of a model in the index. */
export const storedVectors = (pool: IndexPool, model: string | undefined): VectorSource<TenantScope> => ({
  entriesIn: ({ vectorStoreIds, entries }, dimensions) =>
    pool.rows<VectorEntry>(
      `select entry, chunks, dimensions, build as version from search_entries
        where is_current and store_id = any($1) and model = $2 and dimensions = $3
          and ($4::bigint[] is null or entry = any($4))`,
      [vectorStoreIds, model ?? null, dimensions, entries ?? null],
    ),

  read: async (entries) => {
    const rows = await pool.rows<{ build: number; position: number; vectors: Buffer }>(
      'select build, position, vectors from search_vectors where build = any($1)',
      [entries.map(({ version }) => version)],
    );
    const byBuild = new Map(
      entries.map(({ version, chunks, dimensions }) => [
        version,
        { bytes: new Uint8Array(chunks * dimensions * 4), size: dimensions * 4 },
      ]),
    );
    for (const { build, position, vectors } of rows) {
      const { bytes, size } = byBuild.get(build) ?? { bytes: undefined, size: 0 };
      if (bytes !== undefined && position * size + vectors.byteLength <= bytes.byteLength) {
        bytes.set(vectors, position * size);
      }
    }
    return entries.map(({ version }) => new Float32Array(byBuild.get(version)?.bytes.buffer ?? []));
  },
});
