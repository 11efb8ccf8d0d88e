import { type RawBuilder, sql } from 'kysely';
import type { Tenant } from '../../tenant.ts';

/** The owner of deleted threads whose rows are being removed. No tenant has this name. */
export const NOBODY: Tenant = '';

/**
 * The rows that a connection sees: those of one tenant, or all if that is undefined, for the worker. Assistants and threads
 * have an owner; all other objects have the owner of their thread.
 *
 * Each function returns SQL for an id or a condition, so that the same statement runs for an id that does not exist and for
 * one of another tenant, with the same result.
 */
export const ownership = (tenant: Tenant | RawBuilder<Tenant> | undefined) => ({
  /** For the tables with an owner of their own. */
  isOwn: (): RawBuilder<boolean> => (tenant === undefined ? sql`tenant <> ${NOBODY}` : sql`tenant = ${tenant}`),

  /**
   * The id of the thread; null if it is not the tenant's. A subquery in any case: if PostgreSQL knew that a thread has many of all messages,
   * it would look for the latest of them among the latest of all threads.
   */
  ownThread: (threadId: string | RawBuilder<string>): RawBuilder<string> =>
    tenant === undefined
      ? sql`(select ${threadId})`
      : sql`(select own.id from threads as own where own.id = ${threadId} and own.tenant = ${tenant})`,

  /** The id of the vector store; null if it is not the tenant's. */
  ownVectorStore: (vectorStoreId: string | RawBuilder<string>): RawBuilder<string> =>
    tenant === undefined
      ? sql`${vectorStoreId}`
      : sql`(select own.id from vector_stores as own where own.id = ${vectorStoreId} and own.tenant = ${tenant})`,

  /** The id of the run; null if it is not the tenant's. */
  ownRun: (runId: string | RawBuilder<string>): RawBuilder<string> =>
    tenant === undefined
      ? sql`${runId}`
      : sql`(select own_run.id from runs as own_run join threads as own on own.id = own_run.thread_id
          where own_run.id = ${runId} and own.tenant = ${tenant})`,
});

export type Ownership = ReturnType<typeof ownership>;
