import Database from 'libsql';
import { CHUNKS_PER_ENTRY } from '../chunkKey.ts';

export type IndexDatabase = Database.Database;

/** `entryOfKey` of a table's `rowid`, in SQL. */
export const entryOfRowid = `rowid / ${CHUNKS_PER_ENTRY}`;

/** Changed with the tables or with `indexedText`. An index of another version is built again. */
const VERSION = 2;

const schema = `
  create table tenants (id integer primary key, name text not null unique);
  create table stores (id integer primary key, name text not null unique);
  create table entries (entry integer primary key, tenant integer not null, store integer not null, file text not null,
    chunks integer not null, model text, dimensions integer, stamp integer not null);
  create index entries_of_store on entries (store);
  create index entries_of_tenant on entries (tenant, chunks);
  create table chunks (key integer primary key, overlap integer not null, text text not null);
  create table vectors (key integer primary key, vector blob not null);
  pragma user_version = ${VERSION};
`;

const versionOf = (database: IndexDatabase): number => {
  const row = database.prepare('pragma user_version').get([]) as { user_version: number };
  return row.user_version;
};

/** Opens a connection. In write-ahead mode, one connection writes while others read. */
const connect = (path: string): IndexDatabase => {
  const database = new Database(path);
  database.exec('pragma busy_timeout = 10000');
  return database;
};

/** Opens the index to be written, which creates it if needed. `discard` deletes the file, if it cannot be used. */
export const openIndexToWrite = (path: string, discard: () => void): IndexDatabase => {
  const open = () => {
    const database = connect(path);
    database.pragma('journal_mode = wal');
    // A power failure may lose the latest commits, never the file's integrity. What was lost is indexed again at the next start.
    database.exec('pragma synchronous = normal');
    return database;
  };
  const fresh = () => {
    const database = open();
    database.exec(schema);
    return database;
  };
  let database: IndexDatabase | undefined;
  try {
    database = open();
    const version = versionOf(database);
    if (version === VERSION) return database;
    if (
      version === 0 &&
      (database.prepare('select count(*) as n from sqlite_master').get([]) as { n: number }).n === 0
    ) {
      database.exec(schema);
      return database;
    }
  } catch {
    // Damaged, or no SQLite file.
  }
  database?.close();
  discard();
  return fresh();
};

export const openIndexToRead = (path: string): IndexDatabase => {
  const database = connect(path);
  database.exec('pragma query_only = on');
  return database;
};

/**
 * The words of a tenant have a table of their own: how rare a word is, and so the order of what is found, does not depend on the
 * files of others. `scope` is the store.
 */
export const wordsTable = (tenant: number): string => `words_${tenant}`;

/** Its texts are in `chunks`. `porter` finds `running` for `runs`. */
export const wordsSchema = (tenant: number): string =>
  `create virtual table if not exists ${wordsTable(tenant)} using fts5(scope, title, text, content='',
    contentless_delete=1, tokenize='porter unicode61 remove_diacritics 2')`;

/** The word that marks the chunks of a store. */
export const scopeWord = (store: number): string => `s${store}`;
