import { Kysely, PostgresDialect, sql } from 'kysely';
import type { Pool } from 'pg';
import { openDataFileContents } from '../files/dataFileContents.ts';
import { HeldContents } from '../files/heldContents.ts';
import { postgresBlobStore } from '../files/postgresBlobStore.ts';
import { databaseNameOf } from '../store/postgres/databaseName.ts';
import { announceCommand } from '../store/postgres/databaseUse.ts';
import { migrateDatabase } from '../store/postgres/migrations.ts';
import { kyselyPool, openPool } from '../store/postgres/pool.ts';
import { unavailableErrorOf } from '../store/postgres/startErrors.ts';
import { openSqliteDatabase } from '../store/sqlite/sqliteDatabase.ts';
import type { Tables } from '../store/rows/tables.ts';
import { differenceIn } from './compareRows.ts';
import { copiedTables } from './copiedTables.ts';
import { CopyError } from './copyError.ts';
import { copyContents } from './copyContents.ts';
import { copyCounters, copyRows } from './copyRows.ts';
import { countRows } from './rowBatches.ts';

export interface CopyOptions {
  /** Of the SQLite file, which exists and no server is using. */
  readonly dataPath: string;
  readonly databaseUrl: string;
  /** Called as it goes on: with how many of the contents of files and of the rows have been copied or compared. */
  readonly onProgress: (progress: CopyProgress) => void;
  /** Called with a sentence about each content of a file that cannot be copied. Its file is copied without it. */
  readonly onMissing: (sentence: string) => void;
}

export interface CopyProgress {
  readonly doing: 'contents copied' | 'rows copied' | 'rows compared';
  readonly done: number;
  /** Undefined if it is not known. */
  readonly total: number | undefined;
}

export interface Copied {
  /** Whether the rows were in the database already, so that they were only compared. */
  readonly wasCopied: boolean;
  /** How many rows each table has, by its name. */
  readonly rows: ReadonlyMap<string, number>;
}

/** One for the rows, and one for the contents, which are held meanwhile. */
const connections = 2;

const openDatabase = async (databaseUrl: string): Promise<{ db: Kysely<Tables>; pool: Pool }> => {
  const pool = await openPool(databaseUrl, connections);
  const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool: kyselyPool(pool, () => undefined) }) });
  try {
    await db.transaction().execute((transaction) => migrateDatabase(transaction, databaseUrl));
    return { db, pool };
  } catch (error) {
    await db.destroy();
    throw unavailableErrorOf(error, databaseUrl);
  }
};

/** Lets no server write while the rows are copied and compared, however long that takes. */
const lockTables = async (target: Kysely<Tables>) => {
  await sql`select set_config('statement_timeout', '0', true),
    set_config('idle_in_transaction_session_timeout', '0', true)`.execute(target);
  await sql`lock table ${sql.join(copiedTables.map(({ name }) => sql.table(name)))} in exclusive mode`.execute(target);
};

const sumOf = (counts: ReadonlyMap<string, number>) => [...counts.values()].reduce((sum, count) => sum + count, 0);

const countAll = async (db: Kysely<Tables>) => {
  const counts = new Map<string, number>();
  for (const table of copiedTables) counts.set(table.name, await countRows(db, table));
  return counts;
};

/** Copies and compares all rows, in the transaction of `target`. */
const copyAll = async (
  source: Kysely<Tables>,
  target: Kysely<Tables>,
  { databaseUrl, onProgress }: CopyOptions,
): Promise<Copied> => {
  await lockTables(target);
  const rows = await countAll(source);
  const total = sumOf(rows);
  const wasCopied = sumOf(await countAll(target)) > 0;
  const counted = (doing: CopyProgress['doing']) => {
    let done = 0;
    return (count: number) => {
      done += count;
      onProgress({ doing, done, total });
    };
  };
  if (!wasCopied) {
    const onRows = counted('rows copied');
    for (const table of copiedTables) await copyRows(source, target, table, onRows);
    await copyCounters(source, target, copiedTables);
  }
  const onRows = counted('rows compared');
  for (const table of copiedTables) {
    const difference = await differenceIn(source, target, table, onRows);
    if (difference === undefined) continue;
    throw new CopyError(
      wasCopied
        ? `PostgreSQL: ${databaseNameOf(databaseUrl)} has other data than the file: ${difference}. Nothing was copied; name an empty database.`
        : `The copy differs from the file: ${difference}. Nothing was copied.`,
    );
  }
  return { wasCopied, rows };
};

/**
 * Copies a data file into a PostgreSQL database without rows: first the contents of its files, then all rows, in one transaction that is
 * committed only if each row is the same in both. A copy that is interrupted leaves no rows. In a database that has the rows already, they
 * are compared and nothing is written. The search index is not copied: servers build it again.
 * @throws {CopyError} @throws {StoreUnavailableError} if a server is using the file or the database, or one of the two cannot be used
 */
export const copyDataFile = async (options: CopyOptions): Promise<Copied> => {
  const { dataPath, databaseUrl, onProgress, onMissing } = options;
  const closing: (() => Promise<void>)[] = [];
  try {
    const { db: source } = await openSqliteDatabase(dataPath);
    closing.push(() => source.destroy());
    const folder = await openDataFileContents(dataPath, () => Promise.resolve(true)); // Nothing is removed from it.
    closing.push(() => folder.close());
    closing.push(await announceCommand(databaseUrl));
    const target = await openDatabase(databaseUrl);
    closing.push(() => target.db.destroy());
    const blobs = postgresBlobStore(target.pool);
    closing.push(() => blobs.close());
    const held = new HeldContents(blobs);
    let done = 0;
    const onContent = () => {
      done += 1;
      onProgress({ doing: 'contents copied', done, total: undefined });
    };
    try {
      await copyContents({ db: source, blobs: folder }, { blobs, held }, { onContent, onMissing });
      return await target.db.transaction().execute((transaction) => copyAll(source, transaction, options));
    } finally {
      await held.release();
    }
  } finally {
    for (const close of closing.toReversed()) await close();
  }
};
