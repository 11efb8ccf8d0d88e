import type { NewIndexedFile } from '../searchIndex.ts';
import type { IndexPool, ReadRows } from './indexPool.ts';

/** A build to which nothing was added for this time belongs to a process that has ended. An interval of PostgreSQL. */
const buildTime = '30 minutes';

/** Milliseconds between two sweeps of a process. */
const sweepIntervalMs = 10 * 60_000;

/** Chunks that are deleted in one statement. */
const deletedChunks = 1000;

/** The first key of the advisory locks of entries. */
const lockKind = 102;

/** What the chunks of a build have. */
export interface BuildTotals {
  chunks: number;
  /** Of the texts and the file's name in each. */
  words: number;
  /** Of the texts and vectors. */
  bytes: number;
  /** Of each vector; 0 without vectors. */
  dimensions: number;
}

const lockEntry = (rows: ReadRows, entry: number) =>
  rows('select pg_advisory_xact_lock($1::integer, hashint8($2))', [lockKind, entry]);

/** Ends the current build of an entry, and returns its number. */
const endCurrent = async (rows: ReadRows, entry: number): Promise<number[]> => {
  const ended = await rows<{ build: number }>(
    'update search_entries set is_current = false, held_at = null where entry = $1 and is_current returning build',
    [entry],
  );
  return ended.map(({ build }) => build);
};

/** The builds of entries: see `searchMigration.ts`. `model` is that of the vectors. */
export const indexBuilds = (pool: IndexPool, model: string | undefined) => {
  /** Deletes builds that are not current, in steps that are short. */
  const remove = async (builds: readonly number[]): Promise<void> => {
    for (const build of builds) {
      await pool.rows('update search_entries set held_at = null where build = $1 and not is_current', [build]);
      for (const table of ['search_words', 'search_chunks', 'search_vectors']) {
        for (let deleted = deletedChunks; deleted >= deletedChunks; ) {
          const rows = await pool.rows(
            `delete from ${table} where build = $1 and position in
              (select position from ${table} where build = $1 order by position limit $2) returning position`,
            [build, deletedChunks],
          );
          deleted = rows.length;
        }
      }
      await pool.rows('delete from search_entries where build = $1 and not is_current', [build]);
    }
  };

  let sweptAt = -Infinity;
  return {
    /** Begins a build of an entry. Returns its number. */
    begin: async ({ entry, tenant, vectorStoreId, fileId }: NewIndexedFile): Promise<number> => {
      const [row] = await pool.rows<{ build: number }>(
        `insert into search_entries (entry, tenant, store_id, file_id, model) values ($1, $2, $3, $4, $5)
          returning build`,
        [entry, tenant, vectorStoreId, fileId, model ?? null],
      );
      return row?.build ?? 0;
    },

    /** Makes a build the current one of its entry, and removes the one before. */
    publish: async (entry: number, build: number, { chunks, words, dimensions }: BuildTotals): Promise<void> => {
      const ended = await pool.write(async (rows) => {
        await lockEntry(rows, entry);
        const before = await endCurrent(rows, entry);
        const published = await rows(
          `update search_entries set chunks = $2, words = $3, dimensions = $4, is_current = true, held_at = null
            where build = $1 and held_at is not null returning build`,
          [build, chunks, words, dimensions],
        );
        if (published.length === 0) throw new Error('the build took so long that it was swept');
        return before;
      });
      await remove(ended);
    },

    remove,

    removeEntries: async (entries: readonly number[]): Promise<void> => {
      for (const entry of entries) await remove(await endCurrent(pool.rows, entry));
    },

    /** Removes, now and then, the builds of processes that have ended. */
    sweep: async (): Promise<void> => {
      if (performance.now() - sweptAt < sweepIntervalMs) return;
      sweptAt = performance.now();
      const dead = await pool.rows<{ build: number }>(
        `select build from search_entries where not is_current and coalesce(held_at < now() - $1::interval, true)`,
        [buildTime],
      );
      await remove(dead.map(({ build }) => build));
    },
  };
};
