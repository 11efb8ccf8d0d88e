import { readFileSync } from 'node:fs';
import { queryDatabase } from '../../test/support/databases.ts';

/** What transactions wrote to a write-ahead log. */
export interface WalCosts {
  commits: number;
  bytes: number;
}

/** Counts what PostgreSQL writes to its log from now on, with its extension pg_walinspect, which Debian's package has. */
export const postgresWal = async (databaseUrl: string): Promise<() => Promise<WalCosts>> => {
  await queryDatabase(databaseUrl, 'create extension if not exists pg_walinspect; checkpoint');
  const position = async () => {
    const [row] = (await queryDatabase(databaseUrl, 'select pg_current_wal_flush_lsn()::text as lsn')) as {
      lsn: string;
    }[];
    return row?.lsn ?? '';
  };
  const start = await position();
  return async () => {
    const end = await position();
    const [row] = (await queryDatabase(
      databaseUrl,
      `select sum(count) filter (where "resource_manager/record_type" = 'Transaction/COMMIT')::float8 as commits,
        (select ('${end}'::pg_lsn - '${start}'::pg_lsn)::float8) as bytes
        from pg_get_wal_stats('${start}', '${end}', true)`,
    )) as WalCosts[];
    return row ?? { commits: 0, bytes: 0 };
  };
};

/** https://www.sqlite.org/fileformat2.html#the_write_ahead_log */
const headerBytes = 32;
const frameHeaderBytes = 24;

/** What the write-ahead log of an SQLite file has, since it was last begun again. */
export const sqliteWal = (dataPath: string): WalCosts & { salt: string } => {
  const log = readFileSync(`${dataPath}-wal`);
  const frameBytes = frameHeaderBytes + log.readUInt32BE(8);
  const salt = log.toString('hex', 16, 24);
  let [commits, frames] = [0, 0];
  for (let at = headerBytes; at + frameBytes <= log.length; at += frameBytes) {
    if (log.toString('hex', at + 8, at + 16) !== salt) break; // Of an earlier round of the log.
    frames += 1;
    if (log.readUInt32BE(at + 4) !== 0) commits += 1;
  }
  return { commits, bytes: frames * frameBytes, salt };
};
