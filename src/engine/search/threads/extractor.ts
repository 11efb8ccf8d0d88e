import { type MessagePort, Worker } from 'node:worker_threads';
import { type Chunk, type ChunkSizes } from '../../ingestion/textChunks.ts';
import { IngestionError } from '../../ingestion/ingestionError.ts';
import { MAX_EXTRACTION_MEGABYTES, MAX_EXTRACTION_MS } from '../../ingestion/limits.ts';
import { ThreadEndedError, threadCalls } from './calls.ts';
import type { ExtractionMethods } from './extraction.ts';
import { threadFile } from './threadFile.ts';

/** Chunks that are passed on at once. */
const PAGE = 64;

const start = () => {
  const worker = new Worker(threadFile('extraction'), {
    resourceLimits: { maxOldGenerationSizeMb: MAX_EXTRACTION_MEGABYTES },
    // Libraries write warnings about odd files.
    stdout: true,
    stderr: true,
  });
  return { worker, calls: threadCalls<ExtractionMethods>(worker) };
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

  const extracted = async (filename: string, sizes: ChunkSizes, source: MessagePort, signal: AbortSignal) => {
    thread ??= start();
    const { calls } = thread;
    let reason = `The text of the file needs more than ${MAX_EXTRACTION_MEGABYTES} MB of memory.`;
    const timer = setTimeout(() => {
      reason = `The text of the file could not be extracted within ${MAX_EXTRACTION_MS / 1000} seconds.`;
      stopNow();
    }, MAX_EXTRACTION_MS);
    signal.addEventListener('abort', stopNow);
    try {
      return { calls, count: await calls.call('extract', { filename, sizes, source }, [source]) };
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof ThreadEndedError)) throw error;
      await stop();
      throw new IngestionError('invalid_file', reason);
    } finally {
      clearTimeout(timer);
      signal.removeEventListener('abort', stopNow);
    }
  };

  return {
    /** The chunks of a file, in pages. One file at a time. Rejects with `IngestionError`, or with the reason of an aborted `signal`. */
    pages: async function* (
      { filename, sizes }: { filename: string; sizes: ChunkSizes },
      source: MessagePort,
      signal: AbortSignal,
    ): AsyncGenerator<Chunk[]> {
      const { calls, count } = await extracted(filename, sizes, source, signal);
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
