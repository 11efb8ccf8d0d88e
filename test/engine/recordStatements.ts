import Database from 'libsql';
import { Client } from 'pg';
import { onTestFinished, vi } from 'vitest';

const prepare: Database.Database['prepare'] = Reflect.get(Database.prototype, 'prepare');
const query: (...args: unknown[]) => unknown = Reflect.get(Client.prototype, 'query');

/** The statements that are executed from now on until the test ends, in order, on either store. */
export const recordStatements = (): string[] => {
  const statements: string[] = [];
  const sqlite = vi.spyOn(Database.prototype, 'prepare').mockImplementation(function (this: Database.Database, sql) {
    const statement = prepare.call(this, sql);
    const all = statement.all.bind(statement);
    const run = statement.run.bind(statement);
    statement.all = (parameters: object) => {
      statements.push(sql);
      return all(parameters);
    };
    statement.run = (parameters: object) => {
      statements.push(sql);
      return run(parameters);
    };
    return statement;
  });
  const postgres = vi.spyOn(Client.prototype, 'query').mockImplementation(function (this: Client, ...args) {
    if (typeof args[0] === 'string') statements.push(args[0]);
    return query.apply(this, args);
  });
  onTestFinished(() => {
    sqlite.mockRestore();
    postgres.mockRestore();
  });
  return statements;
};
