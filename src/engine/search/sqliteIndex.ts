import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { EmbeddingEndpoint } from './embeddings.ts';
import type { SearchIndex } from './searchIndex.ts';
import { threadCalls } from './threads/calls.ts';
import type { IndexReaderMethods } from './threads/indexReader.ts';
import type { IndexThreadData, IndexWriterMethods } from './threads/indexWriter.ts';
import { sent } from './threads/sourcePort.ts';
import { threadFile } from './threads/threadFile.ts';

/** The path of the index, and what removes it if it is temporary. */
const placeOf = (dataPath: string) => {
  let directory: string | undefined;
  const path = () => {
    if (dataPath !== ':memory:') return `${dataPath}.search`;
    // The two threads need a file that both can open.
    directory ??= mkdtempSync(join(tmpdir(), 'assistants-search-'));
    return join(directory, 'index');
  };
  const release = () => {
    if (directory !== undefined) rmSync(directory, { recursive: true, force: true });
  };
  return { path, release };
};

const startThreads = async (path: string, embedding: EmbeddingEndpoint | undefined) => {
  const workerData: IndexThreadData = { path, embedding };
  const writerThread = new Worker(threadFile('indexWriter'), { workerData });
  const writer = threadCalls<IndexWriterMethods>(writerThread);
  await writer.call('remove', []); // The file exists once the thread responds.
  const readerThread = new Worker(threadFile('indexReader'), { workerData });
  const reader = threadCalls<IndexReaderMethods>(readerThread);
  return { writer, reader, threads: [writerThread, readerThread] };
};

type Threads = Awaited<ReturnType<typeof startThreads>>;

/**
 * The index in an SQLite file of its own next to the data file, `<data file>.search`. It is not in the data file because
 *
 * - only one connection can have the data file open (its lock is exclusive), and that one is used on the main thread: indexing
 *   100,000 chunks takes 25 seconds and a search up to 100 ms, during which the server would not respond;
 * - it can be built again from the files, so backups (`VACUUM INTO`) need not contain it, and it may be deleted;
 * - a commit of the data file is flushed to the disk, which the index does not need.
 *
 * Its threads are started by the first call.
 */
export const sqliteIndex = (dataPath: string, embedding: EmbeddingEndpoint | undefined): SearchIndex => {
  const place = placeOf(dataPath);
  let running: Threads | undefined;
  let started: Promise<Threads> | undefined;
  let isClosed = false;

  const start = async (): Promise<Threads> => {
    const ended = running;
    running = undefined;
    await Promise.all((ended?.threads ?? []).map((thread) => thread.terminate()));
    try {
      running = await startThreads(place.path(), embedding);
      return running;
    } catch (error) {
      started = undefined;
      throw error;
    }
  };

  /** The running threads. If they could not start, or one has ended, they are started again. */
  const threads = (): Promise<Threads> => {
    if (isClosed) throw new Error('the search index is closed');
    if (running?.writer.hasEnded() === true || running?.reader.hasEnded() === true) started = undefined;
    started ??= start();
    return started;
  };

  return {
    add: async (file, source, signal) => {
      signal.throwIfAborted();
      const { writer } = await threads();
      const port = sent(source, signal);
      const abort = () => void writer.call('cancel', file.entry).catch(() => undefined);
      signal.addEventListener('abort', abort);
      try {
        return await writer.call('add', { file, source: port }, [port]);
      } catch (error) {
        signal.throwIfAborted();
        throw error;
      } finally {
        signal.removeEventListener('abort', abort);
      }
    },
    remove: async (entries) => {
      if (entries.length > 0) await (await threads()).writer.call('remove', entries);
    },
    search: async (search) => (await threads()).reader.call('search', search),
    textOf: async (entry, from) => (await threads()).reader.call('textOf', { entry, from }),
    entriesAfter: async (after) => (await threads()).reader.call('entriesAfter', after),
    close: async () => {
      isClosed = true;
      await started?.catch(() => undefined);
      if (running !== undefined) {
        const { writer, reader } = running;
        const closed = [reader.call('close', undefined), writer.call('close', undefined)];
        await Promise.all(closed.map((call) => call.catch(() => undefined)));
        await Promise.all(running.threads.map((thread) => thread.terminate()));
      }
      place.release();
    },
  };
};
