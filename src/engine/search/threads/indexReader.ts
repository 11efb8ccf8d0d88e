import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { embedder } from '../embeddings.ts';
import { openChunkReader } from '../indexStorage.ts';
import type { IndexSearch } from '../searchIndex.ts';
import { serveCalls } from './calls.ts';
import type { IndexThreadData } from './indexWriter.ts';

// The thread that searches the index, while another may write it.

const serve = (port: MessagePort, { location, embedding }: IndexThreadData) => {
  const opened = openChunkReader(location, embedding && embedder(embedding));
  const methods = {
    search: async (search: IndexSearch) => (await opened).search(search),
    textOf: async ({ entry, from }: { entry: number; from: number }) => (await opened).textOf(entry, from),
    entriesAfter: async (after: number) => (await opened).entriesAfter(after),
    close: async () => {
      await (await opened).close();
      port.close();
    },
  };
  serveCalls<typeof methods>(port, methods);
  return methods;
};

export type IndexReaderMethods = ReturnType<typeof serve>;

if (parentPort !== null) serve(parentPort, workerData as IndexThreadData);
