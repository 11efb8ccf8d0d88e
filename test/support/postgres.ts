import { Client } from 'pg';
import { openPostgresStore } from '../../src/engine/store/postgres/postgresStore.ts';
import { startPostgres } from './postgresServer.ts';
import { templateDatabase } from './databases.ts';

/**
 * Starts one PostgreSQL server for all tests, with a database that has the tables and is copied for each engine. The environment
 * tells the tests where it is.
 */
export const setup = async () => {
  const server = await startPostgres();
  const client = new Client({ connectionString: server.url() });
  await client.connect();
  await client.query(`create database ${templateDatabase}`);
  await client.end();
  await (await openPostgresStore({ databaseUrl: server.url(templateDatabase) })).close();
  process.env['TEST_DATABASE_URL'] = server.url();
  return () => server.stop();
};
