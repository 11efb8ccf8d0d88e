import type { Kysely, SelectQueryBuilder } from 'kysely';
import type { Tables } from './rows/tables.ts';

/** A query over any of the tables. */
type RowQuery<From extends keyof Tables, Row> = SelectQueryBuilder<Tables, From, Row>;

/** What a named lock is for. Two names of different kinds never wait for each other. */
export type NamedLock = 'list' | 'idempotency_key' | 'file_usage';

/**
 * The locks in which the databases differ; all other statements are the same. SQLite has one writer at a time, so a
 * transaction needs no other lock there and each of these does nothing. They are held until the transaction ends.
 */
export interface StoreDialect {
  /** Whether other processes may have the database open. Then jobs have leases. */
  readonly isShared: boolean;
  /** Locks the rows that `query` reads from `tables` against other writers, and reads their newest version. Waits for other transactions. */
  locking<From extends keyof Tables, Row>(query: RowQuery<From, Row>, tables: From[]): RowQuery<From, Row>;
  /** As `locking`, but leaves out rows that another transaction has locked, and does not wait. */
  lockingFree<From extends keyof Tables, Row>(query: RowQuery<From, Row>, tables: From[]): RowQuery<From, Row>;
  /** Locks a name, for what is no row: a list, or a row that does not exist yet. */
  lockName(db: Kysely<Tables>, kind: NamedLock, name: string): Promise<void>;
}
