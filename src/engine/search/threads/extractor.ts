import { type MessagePort, Worker } from 'node:worker_threads';
import type { Chunk } from '../../ingestion/textChunks.ts';
import { IngestionError, outOfMemoryError } from '../../ingestion/ingestionError.ts';
import { errorCodeOf } from '../../errorCode.ts';
import type { NewIndexedFile } from '../searchIndex.ts';
import { ThreadEndedError, threadCalls } from './calls.ts';
import type { ExtractionMethods, ExtractionThreadData } from './extraction.ts';
import { threadFile } from './threadFile.ts';

/** Chunks that are passed on at once. */
const PAGE = 64;

type ExtractedFile = Pick<NewIndexedFile, 'filename' | 'sizes' | 'limits'>;

const start = (megabytes: number) => {
  const worker = new Worker(threadFile('extraction'), {
    resourceLimits: { maxOldGenerationSizeMb: megabytes },
    workerData: { megabytes } satisfies ExtractionThreadData,
    // Libraries write warnings about odd files.
    stdout: true,
    stderr: true,
  });
  let isOutOfMemory = false;
  worker.on('error', (error) => {
    isOutOfMemory = errorCodeOf(error) === 'ERR_WORKER_OUT_OF_MEMORY';
  });
  return { worker, calls: threadCalls<ExtractionMethods>(worker), isOutOfMemory: () => isOutOfMemory };
};

/** Extracts text in a thread of its own, which is replaced if a file takes too long or too much memory. */
export const extractor = () => {
  let thread: ReturnType<typeof start> | undefined;

  const stop = async (): Promise<void> => {
    const stopped = thread;
    thread = undefined;
    await stopped?.worker.terminate();
  };
  const stopNow = () => void stop();

  const extracted = async ({ filename, sizes, limits }: ExtractedFile, source: MessagePort, signal: AbortSignal) => {
    const { milliseconds, megabytes } = limits;
    signal.throwIfAborted(); // A listener would not be called any more.
    thread ??= start(megabytes);
    const { calls, isOutOfMemory } = thread;
    let isLate = false;
    const timer = setTimeout(() => {
      isLate = true;
      stopNow();
    }, milliseconds);
    signal.addEventListener('abort', stopNow);
    try {
      return { calls, count: await calls.call('extract', { filename, sizes, source }, [source]) };
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof ThreadEndedError)) throw error;
      await stop();
      if (isOutOfMemory()) throw outOfMemoryError(megabytes);
      const within = isLate ? ` within ${milliseconds / 1000} seconds` : '';
      throw new IngestionError('invalid_file', `The text of the file could not be extracted${within}.`);
    } finally {
      clearTimeout(timer);
      signal.removeEventListener('abort', stopNow);
    }
  };

  return {
    /** The chunks of a file, in pages. One file at a time. Rejects with `IngestionError`, or with the reason of an aborted `signal`. */
    pages: async function* (file: ExtractedFile, source: MessagePort, signal: AbortSignal): AsyncGenerator<Chunk[]> {
      const { calls, count } = await extracted(file, source, signal);
      for (let from = 0; from < count; from += PAGE) {
        signal.throwIfAborted();
        yield await calls.call('take', { from, count: PAGE });
      }
      // A thread that has read a large file keeps its memory.
      if (count > PAGE * 100) await stop();
    },
    stop,
  };
};
