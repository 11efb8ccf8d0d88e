import type { Rest } from '../../../rest/rest.ts';
import { isMissing } from '../../../rest/errors/apiError.ts';
import type { Received } from '../../../rest/received.ts';
import { type RestVectorStore, withoutFileTotals } from '../../../wire/vectorStore.ts';
import { inOrder, type Page } from '../inOrder.ts';
import { linesOf, listPages, pagesOf } from '../pages.ts';
import type { ExportedResource } from './resource.ts';

/** How many vector stores have their files listed at a time. */
const concurrency = 4;

/** A vector store, followed by its files. */
async function* storeWithFiles(rest: Rest, vectorStore: Received<RestVectorStore>): AsyncGenerator<Page> {
  yield { name: 'vector stores', lines: linesOf([withoutFileTotals(vectorStore)]) };
  try {
    yield* pagesOf('vector store files', (request) => rest.vectorStoreFiles.list(vectorStore.id, request));
  } catch (error) {
    // Deleted since it was listed: what was read of it is complete enough, and an import takes it.
    if (!isMissing(error)) throw error;
  }
}

export const exportedVectorStores: ExportedResource = {
  name: 'vector stores',
  object: 'vector_store',
  isOptional: true,
  async *pages({ rest }, after) {
    for await (const page of listPages('vector stores', (request) => rest.vectorStores.list(request), after)) {
      yield* inOrder(page, concurrency, (vectorStore) => storeWithFiles(rest, vectorStore));
    }
  },
};
