import { Worker } from 'node:worker_threads';
import type { EmbeddingEndpoint } from './embeddings.ts';
import type { IndexLocation } from './indexStorage.ts';
import type { SearchIndex } from './searchIndex.ts';
import { threadCalls } from './threads/calls.ts';
import type { IndexReaderMethods } from './threads/indexReader.ts';
import type { IndexThreadData, IndexWriterMethods } from './threads/indexWriter.ts';
import { sent } from './threads/sourcePort.ts';
import { threadFile } from './threads/threadFile.ts';

const startThreads = async (workerData: IndexThreadData) => {
  const writerThread = new Worker(threadFile('indexWriter'), { workerData });
  const writer = threadCalls<IndexWriterMethods>(writerThread);
  await writer.call('remove', []); // The tables exist once the thread responds.
  const readerThread = new Worker(threadFile('indexReader'), { workerData });
  const reader = threadCalls<IndexReaderMethods>(readerThread);
  return { writer, reader, threads: [writerThread, readerThread] };
};

type Threads = Awaited<ReturnType<typeof startThreads>>;

/**
 * An index that one thread writes and another searches: text is extracted and prepared, and vectors are compared, while the event loop is
 * free. The threads are started by the first call, when `locate` returns where the index is. `release` is called after they have ended.
 */
export const threadedIndex = (
  locate: () => IndexLocation,
  embedding: EmbeddingEndpoint | undefined,
  release: () => void = () => undefined,
): SearchIndex => {
  let running: Threads | undefined;
  let started: Promise<Threads> | undefined;
  let isClosed = false;

  const start = async (): Promise<Threads> => {
    const ended = running;
    running = undefined;
    await Promise.all((ended?.threads ?? []).map((thread) => thread.terminate()));
    try {
      running = await startThreads({ location: locate(), embedding });
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
      release();
    },
  };
};
