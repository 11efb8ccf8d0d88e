import type { Chunk } from '../../ingestion/textChunks.ts';
import { indexedText } from '../searchText.ts';
import type { NewIndexedFile } from '../searchIndex.ts';
import { chunkKey, type IndexDatabase, scopeWord, wordsSchema, wordsTable } from './indexFile.ts';

/** A chunk with its vector of length 1, if vectors are used. */
export interface EmbeddedChunk extends Chunk {
  vector: Float32Array | undefined;
}

const bytesOf = (vector: Float32Array) => Buffer.from(vector.buffer, vector.byteOffset, vector.byteLength);

/** Writes to the index, one transaction at a time. */
export const chunkWriter = (database: IndexDatabase, model: string | undefined) => {
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

  /** Runs `work` after what was started before, in a transaction. */
  let latest: Promise<unknown> = Promise.resolve();
  const inTransaction = <Result>(work: () => Promise<Result>): Promise<Result> => {
    const run = async () => {
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
    const done = latest.then(run, run);
    latest = done.catch(() => undefined);
    return done;
  };

  return {
    /** Replaces the chunks of an entry. Resolves with the bytes of their texts and vectors. */
    replace: (file: NewIndexedFile, chunks: AsyncIterable<EmbeddedChunk>): Promise<{ bytes: number }> =>
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

    remove: (entries: readonly number[]): Promise<void> =>
      inTransaction(() => {
        for (const entry of entries) removeEntry(entry);
        return Promise.resolve();
      }),

    /** Resolves once nothing is being written. */
    idle: async (): Promise<void> => {
      await latest;
    },
  };
};
