import { type MessagePort, parentPort } from 'node:worker_threads';
import { type Chunk, type ChunkSizes, textChunks } from '../../ingestion/textChunks.ts';
import { fileText } from '../../ingestion/fileText.ts';
import { serveCalls } from './calls.ts';
import { received } from './sourcePort.ts';

// The thread that extracts text. It may be ended at any time: it holds nothing that others need.

let chunks: Chunk[] = [];

const methods = {
  /** Reads a file that comes in through `source`, and keeps its chunks. Returns their number. */
  extract: async ({ filename, sizes, source }: { filename: string; sizes: ChunkSizes; source: MessagePort }) => {
    chunks = [];
    const text = await fileText(filename, await received(source));
    chunks = [...textChunks(text, sizes)].filter((chunk) => chunk.text.trim() !== '');
    return chunks.length;
  },

  /** The kept chunks from number `from`. */
  take: ({ from, count }: { from: number; count: number }): Promise<Chunk[]> =>
    Promise.resolve(chunks.slice(from, from + count)),
};

export type ExtractionMethods = typeof methods;

if (parentPort !== null) serveCalls<ExtractionMethods>(parentPort, methods);
