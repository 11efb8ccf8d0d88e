import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { limitArrays } from '../../ingestion/arrayLimit.ts';
import { type Chunk, type ChunkSizes, textChunks } from '../../ingestion/textChunks.ts';
import { fileText } from '../../ingestion/fileText.ts';
import { outOfMemoryError } from '../../ingestion/ingestionError.ts';
import type { ExtractionLimits } from '../../ingestion/limits.ts';
import { serveCalls } from './calls.ts';
import { received } from './sourcePort.ts';

// The thread that extracts text. It may be ended at any time: it holds nothing that others need.

export type ExtractionThreadData = Pick<ExtractionLimits, 'megabytes'>;

const serve = (port: MessagePort, { megabytes }: ExtractionThreadData) => {
  let chunks: Chunk[] = [];
  let isOutOfMemory = false;
  limitArrays((megabytes * 2 ** 20) / 3, () => {
    isOutOfMemory = true;
  });

  /** Libraries may go on with a part of the file after an error. */
  const textOf = async (filename: string, bytes: Uint8Array): Promise<string> => {
    isOutOfMemory = false;
    const text = await fileText(filename, bytes).catch((error: unknown) => {
      throw isOutOfMemory ? outOfMemoryError(megabytes) : error;
    });
    if (isOutOfMemory) throw outOfMemoryError(megabytes);
    return text;
  };

  const methods = {
    /** Reads a file that comes in through `source`, and keeps its chunks. Returns their number. */
    extract: async ({ filename, sizes, source }: { filename: string; sizes: ChunkSizes; source: MessagePort }) => {
      chunks = [];
      const text = await textOf(filename, await received(source));
      chunks = [...textChunks(text, sizes)].filter((chunk) => chunk.text.trim() !== '');
      return chunks.length;
    },

    /** The kept chunks from number `from`. */
    take: ({ from, count }: { from: number; count: number }): Promise<Chunk[]> =>
      Promise.resolve(chunks.slice(from, from + count)),
  };
  serveCalls<typeof methods>(port, methods);
  return methods;
};

export type ExtractionMethods = ReturnType<typeof serve>;

if (parentPort !== null) serve(parentPort, workerData as ExtractionThreadData);
