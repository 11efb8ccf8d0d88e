import type { CompiledQuery, SqliteDatabase } from 'kysely';
import type { Execute } from '../rows/statement.ts';

/**
 * Executes compiled statements without kysely, whose waiting for its one connection costs some ten promises for each. Only for callers
 * that hold the connection.
 */
export const executeNow =
  (database: SqliteDatabase): Execute =>
  async <Row>({ sql, parameters }: CompiledQuery<Row>) => {
    const statement = database.prepare(sql);
    if (statement.reader) return { rows: statement.all(parameters) as Row[] };
    return { rows: [], numAffectedRows: BigInt(statement.run(parameters).changes) };
  };
