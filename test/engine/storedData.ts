import { queryDatabase, testServerUrl } from '../support/databases.ts';
import { executeIn, rowsIn } from './dataFiles.ts';
import { databaseOf } from './openEngine.ts';

/** SQL that both databases run, or the same for each of them. */
export type StoreSql = string | SqlOfEach;

interface SqlOfEach {
  sqlite: string;
  postgres: string;
}

/** Executes SQL in the store of a data path that no engine has open. */
export const changeStored = async (dataPath: string, sql: StoreSql): Promise<void> => {
  const texts = typeof sql === 'string' ? { sqlite: sql, postgres: sql } : sql;
  if (testServerUrl() === undefined) executeIn(dataPath, texts.sqlite);
  else await queryDatabase(databaseOf(dataPath), texts.postgres);
};

/** The rows of a query in the store of a data path that no engine has open. Counts and sums are numbers. */
export const storedRows = async (dataPath: string, sql: string): Promise<unknown> =>
  testServerUrl() === undefined ? rowsIn(dataPath, sql) : queryDatabase(databaseOf(dataPath), sql);

/** Sets a whole number in each object of a table, and the column of the same name if it has one. */
export const settingMember = (table: string, member: string, value: number, column = false): SqlOfEach => {
  const also = column ? `${member} = ${value}, ` : '';
  return {
    sqlite: `update ${table} set ${also}object = json_set(object, '$.${member}', ${value})`,
    postgres: `update ${table} set ${also}object = jsonb_set(object::jsonb, '{${member}}', '${value}')::text`,
  };
};
