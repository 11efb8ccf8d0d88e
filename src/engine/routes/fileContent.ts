import type { SearchIndex } from '../search/searchIndex.ts';

async function* partsOf(index: SearchIndex, entry: number): AsyncGenerator<string> {
  for (let from = 0; ; ) {
    const texts = await index.textOf(entry, from);
    if (texts.length === 0) return;
    yield texts.map((text, at) => `${from + at === 0 ? '' : ','}${JSON.stringify({ type: 'text', text })}`).join('');
    from += texts.length;
  }
}

async function* contentJson(index: SearchIndex, entry: number | undefined): AsyncGenerator<string> {
  yield '{"object":"vector_store.file_content.page","data":[';
  if (entry !== undefined) yield* partsOf(index, entry);
  yield '],"has_more":false,"next_page":null}';
}

/** The text of a file in a vector store, which may be megabytes: written as it is read. */
export const fileContentResponse = (index: SearchIndex, entry: number | undefined): Response => {
  const pieces = contentJson(index, entry);
  const encoder = new TextEncoder();
  const body = new ReadableStream<Uint8Array>({
    pull: async (controller) => {
      const { done, value } = await pieces.next();
      if (done === true) controller.close();
      else controller.enqueue(encoder.encode(value));
    },
    cancel: async () => {
      await pieces.return(undefined);
    },
  });
  return new Response(body, { headers: { 'content-type': 'application/json' } });
};
