import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { embedder } from '../embeddings.ts';
import type { IndexSearch } from '../searchIndex.ts';
import { openIndexToRead } from '../sqlite/indexFile.ts';
import { indexReads } from '../sqlite/indexReads.ts';
import { serveCalls } from './calls.ts';
import type { IndexThreadData } from './indexWriter.ts';

// The thread that searches the index, while another may write it.

const serve = (port: MessagePort, { path, embedding }: IndexThreadData) => {
  const database = openIndexToRead(path);
  const reads = indexReads(database, embedding && embedder(embedding));
  const methods = {
    search: (search: IndexSearch) => reads.search(search),
    textOf: (part: { entry: number; from: number }) => reads.textOf(part),
    entriesAfter: (after: number) => reads.entriesAfter(after),
    close: () => {
      database.close();
      port.close();
    },
  };
  serveCalls<typeof methods>(port, methods);
  return methods;
};

export type IndexReaderMethods = ReturnType<typeof serve>;

if (parentPort !== null) serve(parentPort, workerData as IndexThreadData);
