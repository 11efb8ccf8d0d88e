import { setTimeout as sleep } from 'node:timers/promises';
import type { Engine } from '../../src/engine/engine.ts';
import type { RestVectorStore } from '../../src/wire/vectorStore.ts';

const send = async <Result>(engine: Engine, method: string, path: string, body?: object): Promise<Result> => {
  const request = new Request(`http://engine.bench/v1${path}`, {
    method,
    ...(body !== undefined && { body: body instanceof FormData ? body : JSON.stringify(body) }),
  });
  const response = await engine.fetch(request);
  if (response.status !== 200) throw new Error(`${method} ${path}: ${await response.text()}`);
  return (await response.json()) as Result;
};

/** A vector store with the files, by their names. Resolves once all are indexed. */
export const filledStore = async (engine: Engine, files: Iterable<readonly [name: string, content: BlobPart]>) => {
  const ids: string[] = [];
  for (const [name, content] of files) {
    const form = new FormData();
    form.set('purpose', 'assistants');
    form.set('file', new File([content], name));
    ids.push((await send<{ id: string }>(engine, 'POST', '/files', form)).id);
  }
  const { id } = await send<RestVectorStore>(engine, 'POST', '/vector_stores', {});
  for (let start = 0; start < ids.length; start += 500) {
    const file_ids = ids.slice(start, start + 500);
    await send(engine, 'POST', `/vector_stores/${id}/file_batches`, { file_ids });
  }
  for (;;) {
    const { file_counts: counts } = await send<RestVectorStore>(engine, 'GET', `/vector_stores/${id}`);
    if (counts.failed > 0) throw new Error(`${counts.failed} files were not indexed`);
    if (counts.in_progress === 0) return id;
    await sleep(100);
  }
};

/** The file names of the results, best first. */
export const searched = async (engine: Engine, storeId: string, query: string, limit: number): Promise<string[]> => {
  const { data } = await send<{ data: { filename: string }[] }>(engine, 'POST', `/vector_stores/${storeId}/search`, {
    query,
    max_num_results: limit,
  });
  return data.map(({ filename }) => filename);
};
