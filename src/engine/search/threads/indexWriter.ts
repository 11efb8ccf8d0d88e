import { rmSync } from 'node:fs';
import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import type { Chunk } from '../../ingestion/textChunks.ts';
import { EMBEDDING_BATCH, type Embedder, type EmbeddingEndpoint, embedder } from '../embeddings.ts';
import type { NewIndexedFile } from '../searchIndex.ts';
import { chunkWriter, type EmbeddedChunk } from '../sqlite/chunkWriter.ts';
import { openIndexToWrite } from '../sqlite/indexFile.ts';
import { serveCalls } from './calls.ts';
import { extractor } from './extractor.ts';

// The thread that writes the index.

export interface IndexThreadData {
  /** Of the index file. */
  path: string;
  embedding: EmbeddingEndpoint | undefined;
}

async function* embedded(
  pages: AsyncIterable<Chunk[]>,
  embed: Embedder | undefined,
  signal: AbortSignal,
): AsyncGenerator<EmbeddedChunk> {
  for await (const page of pages) {
    for (let start = 0; start < page.length; start += EMBEDDING_BATCH) {
      const batch = page.slice(start, start + EMBEDDING_BATCH);
      const vectors = await embed?.embed(
        batch.map(({ text }) => text),
        { signal },
      );
      yield* batch.map((chunk, index) => ({ ...chunk, vector: vectors?.[index] }));
    }
  }
}

const serve = (port: MessagePort, { path, embedding }: IndexThreadData) => {
  const database = openIndexToWrite(path, () => {
    for (const suffix of ['', '-wal', '-shm']) rmSync(path + suffix, { force: true });
  });
  const embed = embedding && embedder(embedding);
  const writer = chunkWriter(database, embed?.model);
  const extraction = extractor();
  const adding = new Map<number, AbortController>();

  const methods = {
    add: async ({ file, source }: { file: NewIndexedFile; source: MessagePort }) => {
      const stop = new AbortController();
      adding.set(file.entry, stop);
      try {
        return await writer.replace(file, embedded(extraction.pages(file, source, stop.signal), embed, stop.signal));
      } finally {
        adding.delete(file.entry);
      }
    },

    /** Ends the addition of an entry, which then rejects. */
    cancel: (entry: number) => adding.get(entry)?.abort(),

    remove: (entries: readonly number[]) => writer.remove(entries),

    close: async () => {
      for (const stop of adding.values()) stop.abort();
      await extraction.stop();
      await writer.idle();
      database.close();
      port.close();
    },
  };
  serveCalls<typeof methods>(port, methods);
  return methods;
};

export type IndexWriterMethods = ReturnType<typeof serve>;

if (parentPort !== null) serve(parentPort, workerData as IndexThreadData);
