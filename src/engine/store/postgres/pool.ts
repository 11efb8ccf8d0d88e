import type { PostgresCursor, PostgresPool, PostgresPoolClient, PostgresQueryResult } from 'kysely';
import type { CustomTypesConfig, Pool, PoolClient, QueryResultRow } from 'pg';
import { isConnectionError, isPoolTimeout, unreachableErrorOf } from './postgresErrors.ts';
import { storableText } from './storableText.ts';

/** Milliseconds. The longest of them is noticed by the client itself: the network may lose everything that the server sends. */
const limits = {
  connectionTimeoutMillis: 10_000,
  lock_timeout: 10_000,
  statement_timeout: 20_000,
  idle_in_transaction_session_timeout: 20_000,
  query_timeout: 25_000,
};

/** `bigint`, and `numeric` as sums of it have it. */
const wholeNumberTypes = new Set([20, 1700]);

/** Whole numbers of the store fit into a JavaScript number: ids of rows, bytes, times. `pg` reads those of 8 bytes as strings. */
const typesOf = (types: CustomTypesConfig): CustomTypesConfig => ({
  getTypeParser: (id, format) => (wholeNumberTypes.has(id) ? Number : types.getTypeParser(id, format)),
});

const storable = (parameter: unknown): unknown => (typeof parameter === 'string' ? storableText(parameter) : parameter);

/**
 * A pool of connections, which opens them as they are needed. `settings` are those of a PostgreSQL session. `pg` is loaded here, so that nothing of it is without a
 * PostgreSQL database. The errors of lost connections are those of the queries that notice it.
 */
export const openPool = async (
  databaseUrl: string,
  size: number,
  settings: Readonly<Record<string, string>> = {},
): Promise<Pool> => {
  const { default: pg } = await import('pg');
  const pool = new pg.Pool({
    connectionString: databaseUrl,
    max: size,
    application_name: 'assistants-graphql',
    keepAlive: true,
    types: typesOf(pg.types),
    ...limits,
    options: Object.entries(settings)
      .map(([name, value]) => `-c ${name}=${value}`)
      .join(' '),
  });
  // Without listeners these events would end the process: of connections that wait in the pool, and of those in use.
  pool.on('error', () => undefined);
  pool.on('connect', (client) => {
    client.on('error', () => undefined);
  });
  return pool;
};

const kyselyClient = (client: PoolClient, onLost: () => void): PostgresPoolClient => {
  let lost: Error | undefined;
  const run = async <Row>(text: string, parameters: readonly unknown[]): Promise<PostgresQueryResult<Row>> => {
    if (lost !== undefined) throw unreachableErrorOf(lost);
    try {
      const { command, rowCount, rows } = await client.query<Row & QueryResultRow>(text, parameters.map(storable));
      return { command: command as PostgresQueryResult<Row>['command'], rowCount: rowCount ?? 0, rows };
    } catch (error) {
      if (isConnectionError(error)) {
        lost = error as Error;
        onLost();
      }
      throw unreachableErrorOf(error);
    }
  };
  function query<Row>(text: string, parameters: readonly unknown[]): Promise<PostgresQueryResult<Row>>;
  function query<Row>(cursor: PostgresCursor<Row>): PostgresCursor<Row>;
  function query(text: unknown, parameters: readonly unknown[] = []): unknown {
    if (typeof text !== 'string') throw new TypeError('rows are not streamed');
    return run(text, parameters);
  }
  return { query, release: () => client.release(lost) };
};

/**
 * The pool for kysely. Queries and connections that fail with the connection reject with StoreUnreachableError, after
 * `onLost` was called; those for which no connection is free within ten seconds with StoreBusyError.
 */
export const kyselyPool = (pool: Pool, onLost: () => void): PostgresPool => ({
  connect: async () => {
    try {
      return kyselyClient(await pool.connect(), onLost);
    } catch (error) {
      if (!isPoolTimeout(error)) onLost();
      throw unreachableErrorOf(error);
    }
  },
  end: () => pool.end(),
});
