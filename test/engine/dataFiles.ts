import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'libsql';
import { onTestFinished } from 'vitest';

/** A new directory that is deleted when the test has finished. A concurrent test has to pass the function of its own context. */
export const newDirectory = (finished: typeof onTestFinished = onTestFinished): string => {
  const directory = mkdtempSync(join(tmpdir(), 'engine-'));
  finished(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
};

/** The path of a data file that does not exist yet, in a directory of its own. */
export const newDataPath = (finished?: typeof onTestFinished): string => join(newDirectory(finished), 'engine.db');

/** Executes SQL statements in a data file that no engine has open. */
export const executeIn = (dataPath: string, sql: string): void => {
  const database = new Database(dataPath);
  database.exec(sql);
  database.close();
};

/** The rows of a query in a data file that no engine has open. */
export const rowsIn = (dataPath: string, sql: string): unknown => {
  const database = new Database(dataPath);
  const rows: unknown = database.prepare(sql).all();
  database.close();
  return rows;
};
