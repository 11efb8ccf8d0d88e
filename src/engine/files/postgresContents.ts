import type { Pool, PoolClient } from 'pg';
import { databaseWriteErrorOf, unreachableErrorOf } from '../store/postgres/postgresErrors.ts';
import { StoreWriteError } from '../store/writeError.ts';

/** Content that no process has held for this time belonged to one that has ended. An interval of PostgreSQL. */
const holdTime = '10 minutes';

/** The first key of the advisory locks of contents. The second is a hash of the SHA-256. See `postgresDialect.ts` for the others. */
const lockKind = 101;

/** Chunks that are deleted in one statement: 64 MiB. */
const deletedChunks = 1024;

/** Rows that are swept in one statement. */
const sweptRows = 100;

/** Runs statements. Errors of the database are those of the store. */
const reporting = async <Result>(work: Promise<Result>): Promise<Result> => {
  try {
    return await work;
  } catch (error) {
    throw databaseWriteErrorOf(unreachableErrorOf(error));
  }
};

/** Ends keeping the content if nothing refers to it, after what held it was released. Its chunks remain a while for who reads them. */
const loosen = async (client: PoolClient, sha256: string): Promise<void> => {
  await client.query(
    `update contents set is_kept = false, sha256 = null, held_at = now() where sha256 = $1 and is_kept
      and not exists (select from contents as holder where holder.sha256 = $1 and holder.held_at is not null)
      and not exists (select from files where files.sha256 = $1)
      and not exists (select from upload_parts where upload_parts.sha256 = $1)`,
    [sha256],
  );
};

/** The statements of contents in PostgreSQL: see `contentsMigration.ts`. They reject with StoreWriteError as those of the store do. */
export const postgresContents = (pool: Pool) => {
  const query = <Row extends object>(text: string, values: unknown[]) => reporting(pool.query<Row>(text, values));

  /** Runs `work` in a transaction in which no other changes what is kept or held by this SHA-256. */
  const exclusively = <Result>(sha256: string, work: (client: PoolClient) => Promise<Result>): Promise<Result> => {
    const run = async () => {
      const client = await pool.connect();
      let failure: Error | undefined;
      try {
        await client.query('begin');
        await client.query('select pg_advisory_xact_lock($1::int, hashtext($2))', [lockKind, sha256]);
        const result = await work(client);
        await client.query('commit');
        return result;
      } catch (error) {
        await client.query('rollback').catch((lost: Error) => {
          failure = lost;
        });
        throw error;
      } finally {
        client.release(failure);
      }
    };
    return reporting(run());
  };

  /** Deletes content that is neither kept nor held, in steps that are short. */
  const removeLoose = async (id: number): Promise<void> => {
    for (let deleted = deletedChunks; deleted >= deletedChunks; ) {
      const { rowCount } = await query(
        `delete from content_chunks where content_id = $1 and position in
          (select position from content_chunks where content_id = $1 order by position limit $2)`,
        [id, deletedChunks],
      );
      deleted = rowCount ?? 0;
    }
    await query('delete from contents where id = $1 and not is_kept', [id]);
  };

  return {
    /** Begins a content, which is held. Returns its id. */
    begin: async (): Promise<number> => {
      const { rows } = await query<{ id: number }>('insert into contents default values returning id', []);
      return rows[0]?.id ?? 0;
    },

    append: async (id: number, position: number, data: Uint8Array): Promise<void> => {
      const { rowCount } = await query(
        `insert into content_chunks (content_id, position, data)
          select id, $2, $3 from contents where id = $1 and held_at is not null`,
        [id, position, data],
      );
      if (rowCount === 0) throw lostHold();
    },

    /** Goes on holding what this process writes or keeps. */
    hold: async (ids: readonly number[]): Promise<void> => {
      await query('update contents set held_at = now() where id = any($1) and held_at is not null', [ids]);
    },

    /** Keeps a content, or holds the equal one that is kept already. */
    keep: (id: number, sha256: string, bytes: number): Promise<void> =>
      exclusively(sha256, async (client) => {
        const { rowCount } = await client.query(
          `update contents set sha256 = $2, bytes = $3, held_at = now(),
              is_kept = not exists (select from contents as kept where kept.sha256 = $2 and kept.is_kept)
            where id = $1 and held_at is not null`,
          [id, sha256, bytes],
        );
        if (rowCount === 0) throw lostHold();
      }),

    /** Releases a content that was held. What nothing needs any more is removed. */
    release: async (id: number, sha256: string): Promise<void> => {
      const isKept = await exclusively(sha256, async (client) => {
        const { rows } = await client.query<{ is_kept: boolean }>(
          'update contents set held_at = null where id = $1 returning is_kept',
          [id],
        );
        await loosen(client, sha256);
        return rows[0]?.is_kept === true;
      });
      if (!isKept) await removeLoose(id);
    },

    /** Removes a content that is not kept. */
    discard: async (id: number): Promise<void> => {
      await query('update contents set held_at = null where id = $1 and not is_kept', [id]);
      await removeLoose(id);
    },

    removeUnreferenced: (sha256: string): Promise<void> => exclusively(sha256, (client) => loosen(client, sha256)),

    /** The id and the size in bytes of a content that is kept. */
    find: async (sha256: string): Promise<{ id: number; bytes: number } | undefined> => {
      const { rows } = await query<{ id: number; bytes: number }>(
        'select id, bytes from contents where sha256 = $1 and is_kept',
        [sha256],
      );
      return rows[0];
    },

    chunk: async (id: number, position: number): Promise<Buffer | undefined> => {
      const { rows } = await query<{ data: Buffer }>(
        'select data from content_chunks where content_id = $1 and position = $2',
        [id, position],
      );
      return rows[0]?.data;
    },

    /** Releases what processes held that have ended, and removes what is loose. Returns whether there may be more. */
    sweepHeld: async (): Promise<boolean> => {
      const { rows } = await query<{ id: number; is_kept: boolean }>(
        // The time is compared again with the row as it is when it is updated: its process may have come back meanwhile.
        `update contents set held_at = null where coalesce(held_at < now() - $1::interval, not is_kept)
            and id in (select id from contents where (held_at is not null or not is_kept)
              and coalesce(held_at < now() - $1::interval, true) order by held_at limit $2)
          returning id, is_kept`,
        [holdTime, sweptRows],
      );
      for (const { id, is_kept: isKept } of rows) if (!isKept) await removeLoose(id);
      return rows.length === sweptRows;
    },

    /** The SHA-256 of contents that are kept without a reference, in their order from `after`. */
    orphansAfter: async (after: string): Promise<string[]> => {
      const { rows } = await query<{ sha256: string }>(
        `select sha256 from contents where is_kept and held_at is null and sha256 > $1
          and not exists (select from files where files.sha256 = contents.sha256)
          and not exists (select from upload_parts where upload_parts.sha256 = contents.sha256)
          order by sha256 limit $2`,
        [after, sweptRows],
      );
      return rows.map(({ sha256 }) => sha256);
    },
  };
};

/** The process was stopped or without its database for so long that others took it for one that has ended. */
const lostHold = () =>
  new StoreWriteError(503, 'The content of the file was written too slowly, so that it was not kept. Try again.');
