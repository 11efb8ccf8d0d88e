import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openEngine } from '../../src/engine/engine.ts';
import { embedder, type EmbeddingEndpoint } from '../../src/engine/search/embeddings.ts';
import { entryOfKey } from '../../src/engine/search/chunkKey.ts';
import { openIndexToRead } from '../../src/engine/search/sqlite/indexFile.ts';
import { vectorRows } from '../../src/engine/search/sqlite/vectorRows.ts';
import { vectorSearch } from '../../src/engine/search/vectorSearch.ts';
import { documents } from './collection.ts';
import { questions } from './questions.ts';
import { filledStore, searched } from './store.ts';

export interface Quality {
  /** The part of the questions of which a right file is among the first five. */
  recallAt5: number;
  /** The mean of 1 / rank of the first right file. */
  mrr: number;
  /** Questions of which no right file is among the first five. */
  missed: string[];
}

/** Chunks that are looked at: several may be of the same file. */
const CHUNKS = 50;
const DEPTH = 5;

/** `search` returns the paths of files, best first. */
export const qualityOf = async (search: (query: string) => Promise<string[]>): Promise<Quality> => {
  let [hits, reciprocals] = [0, 0];
  const missed: string[] = [];
  for (const [question, ...files] of questions) {
    const found = [...new Set(await search(question))];
    const rank = found.findIndex((file) => files.includes(file)) + 1;
    if (rank > 0 && rank <= DEPTH) hits += 1;
    else missed.push(question);
    if (rank > 0) reciprocals += 1 / rank;
  }
  return { recallAt5: hits / questions.length, mrr: reciprocals / questions.length, missed };
};

/** How well the documentation is found by words, by vectors, and by both. */
export const measureRetrieval = async (endpoint: EmbeddingEndpoint): Promise<Record<string, Quality>> => {
  const folder = mkdtempSync(join(tmpdir(), 'bench-search-'));
  const files = [...documents().keys()];
  // The names of packages are no help: files are found by what they say.
  const texts = [...documents().values()].map((text, index) => [`${index}.md`, text] as const);
  const measured: Record<string, Quality> = {};
  for (const embedding of [undefined, endpoint]) {
    const dataPath = join(folder, embedding === undefined ? 'words' : 'both');
    const engine = await openEngine({ dataPath, embedding });
    const storeId = await filledStore(engine, texts);
    const search = async (query: string) => {
      const names = await searched(engine, storeId, query, CHUNKS);
      return names.map((name) => files[Number.parseInt(name, 10)] ?? '');
    };
    measured[embedding === undefined ? 'words' : 'both'] = await qualityOf(search);
    await engine.close();
  }
  measured['vectors'] = await vectorsAlone(join(folder, 'both.search'), endpoint, files);
  rmSync(folder, { recursive: true });
  return measured;
};

/** The API merges vectors with words. Alone they are compared in the index of the run with both. */
const vectorsAlone = async (path: string, endpoint: EmbeddingEndpoint, files: string[]): Promise<Quality> => {
  const database = openIndexToRead(path);
  const search = vectorSearch(vectorRows(database, endpoint.model));
  const server = embedder(endpoint);
  const stores = (database.prepare('select id from stores').all([]) as { id: number }[]).map(({ id }) => id);
  const quality = await qualityOf(async (query) => {
    const [vector = new Float32Array()] = await server.embed([query]);
    const found = await search(vector, { tenant: 1, stores, entries: undefined }, CHUNKS);
    return found.map(({ key }) => files[entryOfKey(key) - 1] ?? '');
  });
  database.close();
  return quality;
};
