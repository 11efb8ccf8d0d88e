import type { ClientBase } from 'pg';
import { openPool } from '../../store/postgres/pool.ts';
import { unreachableErrorOf } from '../../store/postgres/postgresErrors.ts';

/** Runs a statement and returns its rows. */
export type ReadRows = <Row extends object>(text: string, values?: readonly unknown[]) => Promise<Row[]>;

/** A pool whose errors are those of the store. */
export interface IndexPool {
  rows: ReadRows;
  /** Runs `work` in one transaction. */
  write<Result>(work: (rows: ReadRows) => Promise<Result>): Promise<Result>;
  close(): Promise<void>;
}

const rowsOf =
  (client: Pick<ClientBase, 'query'>): ReadRows =>
  async <Row extends object>(text: string, values: readonly unknown[] = []) =>
    (await client.query<Row>(text, [...values])).rows;

const reporting = async <Result>(work: Promise<Result>): Promise<Result> => {
  try {
    return await work;
  } catch (error) {
    throw unreachableErrorOf(error);
  }
};

/** Opens at most `size` connections, when they are needed. */
export const openIndexPool = async (databaseUrl: string, size: number): Promise<IndexPool> => {
  const pool = await openPool(databaseUrl, size);
  const write = async <Result>(work: (rows: ReadRows) => Promise<Result>): Promise<Result> => {
    const client = await pool.connect();
    let lost: Error | undefined;
    try {
      await client.query('begin');
      const result = await work(rowsOf(client));
      await client.query('commit');
      return result;
    } catch (error) {
      await client.query('rollback').catch((failure: Error) => {
        lost = failure;
      });
      throw error;
    } finally {
      client.release(lost);
    }
  };
  return {
    rows: (text, values) => reporting(rowsOf(pool)(text, values)),
    write: (work) => reporting(write(work)),
    close: () => pool.end(),
  };
};
