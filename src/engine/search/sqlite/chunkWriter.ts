import { rmSync } from 'node:fs';
import { chunkKey } from '../chunkKey.ts';
import type { ChunkWriter } from '../indexStorage.ts';
import { indexedText } from '../searchText.ts';
import { openIndexToWrite, scopeWord, wordsSchema, wordsTable } from './indexFile.ts';

const bytesOf = (vector: Float32Array) => Buffer.from(vector.buffer, vector.byteOffset, vector.byteLength);

/** Opens the index file to write it, which creates it if needed. A file that cannot be used is replaced. */
export const openSqliteChunkWriter = (path: string, model: string | undefined): ChunkWriter => {
  const database = openIndexToWrite(path, () => {
    for (const suffix of ['', '-wal', '-shm']) rmSync(path + suffix, { force: true });
  });

  const idIn = (table: 'tenants' | 'stores', name: string): number => {
    database.prepare(`insert or ignore into ${table} (name) values (?)`).run([name]);
    return (database.prepare(`select id from ${table} where name = ?`).get([name]) as { id: number }).id;
  };

  const removeEntry = (entry: number) => {
    const row = database.prepare('select tenant, store from entries where entry = ?').get([entry]) as
      | { tenant: number; store: number }
      | undefined;
    if (row === undefined) return;
    const range = [chunkKey(entry, 0), chunkKey(entry + 1, 0) - 1];
    for (const [table, key] of [
      [wordsTable(row.tenant), 'rowid'],
      ['chunks', 'key'],
      ['vectors', 'key'],
    ] as const) {
      database.prepare(`delete from ${table} where ${key} between ? and ?`).run(range);
    }
    database.prepare('delete from entries where entry = ?').run([entry]);
    database
      .prepare('delete from stores where id = ? and not exists (select 1 from entries where store = ?)')
      .run([row.store, row.store]);
  };

  const inTransaction = async <Result>(work: () => Promise<Result>): Promise<Result> => {
    database.exec('begin immediate');
    try {
      const result = await work();
      database.exec('commit');
      return result;
    } catch (error) {
      database.exec('rollback');
      throw error;
    }
  };

  return {
    replace: (file, chunks) =>
      inTransaction(async () => {
        const { entry, fileId } = file;
        removeEntry(entry);
        const tenant = idIn('tenants', file.tenant);
        const store = idIn('stores', file.vectorStoreId);
        database.exec(wordsSchema(tenant));
        const words = database.prepare(
          `insert into ${wordsTable(tenant)} (rowid, scope, title, text) values (?, ?, ?, ?)`,
        );
        const texts = database.prepare('insert into chunks (key, overlap, text) values (?, ?, ?)');
        const vectors = database.prepare('insert into vectors (key, vector) values (?, ?)');
        const title = indexedText(file.filename);
        let [position, bytes, dimensions] = [0, 0, 0];
        for await (const { text, overlap, vector } of chunks) {
          const key = chunkKey(entry, position);
          texts.run([key, overlap, text]);
          words.run([key, scopeWord(store), title, indexedText(text)]);
          if (vector !== undefined) vectors.run([key, bytesOf(vector)]);
          dimensions = vector?.length ?? 0;
          bytes += Buffer.byteLength(text) + (vector?.byteLength ?? 0);
          position += 1;
        }
        database
          .prepare(
            'insert into entries (entry, tenant, store, file, chunks, model, dimensions, stamp) values (?, ?, ?, ?, ?, ?, ?, ?)',
          )
          .run([entry, tenant, store, fileId, position, model ?? null, dimensions, Date.now()]);
        return { bytes };
      }),

    remove: (entries) =>
      inTransaction(() => {
        for (const entry of entries) removeEntry(entry);
        return Promise.resolve();
      }),

    close: () => {
      database.close();
      return Promise.resolve();
    },
  };
};
