import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import type { Chunk } from '../../ingestion/textChunks.ts';
import { EMBEDDING_BATCH, type Embedder, type EmbeddingEndpoint, embedder } from '../embeddings.ts';
import { type EmbeddedChunk, type IndexLocation, openChunkWriter } from '../indexStorage.ts';
import type { NewIndexedFile } from '../searchIndex.ts';
import { serveCalls } from './calls.ts';
import { extractor } from './extractor.ts';

// The thread that writes the index.

export interface IndexThreadData {
  location: IndexLocation;
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

/** Runs each work after those before it. */
const inOrder = () => {
  let latest: Promise<unknown> = Promise.resolve();
  return <Result>(work: () => Promise<Result>): Promise<Result> => {
    const done = latest.then(work);
    latest = done.catch(() => undefined);
    return done;
  };
};

const serve = (port: MessagePort, { location, embedding }: IndexThreadData) => {
  const embed = embedding && embedder(embedding);
  const opened = openChunkWriter(location, embed?.model);
  const extraction = extractor();
  const adding = new Map<number, AbortController>();
  const inTurn = inOrder();

  const methods = {
    add: async ({ file, source }: { file: NewIndexedFile; source: MessagePort }) => {
      const stop = new AbortController();
      adding.set(file.entry, stop);
      try {
        return await inTurn(async () =>
          (await opened).replace(file, embedded(extraction.pages(file, source, stop.signal), embed, stop.signal)),
        );
      } finally {
        adding.delete(file.entry);
      }
    },

    /** Ends the addition of an entry, which then rejects. */
    cancel: (entry: number) => adding.get(entry)?.abort(),

    remove: (entries: readonly number[]) => inTurn(async () => (await opened).remove(entries)),

    close: async () => {
      for (const stop of adding.values()) stop.abort();
      await extraction.stop();
      await inTurn(async () => (await opened).close());
      port.close();
    },
  };
  serveCalls<typeof methods>(port, methods);
  return methods;
};

export type IndexWriterMethods = ReturnType<typeof serve>;

if (parentPort !== null) serve(parentPort, workerData as IndexThreadData);
