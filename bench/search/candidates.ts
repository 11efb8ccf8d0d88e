import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openEngine } from '../../src/engine/engine.ts';
import { entryOfKey } from '../../src/engine/search/chunkKey.ts';
import { type IndexDatabase, openIndexToRead } from '../../src/engine/search/sqlite/indexFile.ts';
import { keywordSearch } from '../../src/engine/search/sqlite/keywordSearch.ts';
import { documents, sourceFiles } from './collection.ts';
import { questions } from './questions.ts';
import { type Quality, qualityOf } from './retrieval.ts';
import { filledStore } from './store.ts';

/** Characters of a chunk of source code, without what it repeats of the one before. */
const CHUNK = 1400;
const DEPTH = 50;
/** Results of a query that are compared. */
const COMPARED = 10;

interface Ranking extends Quality {
  /** Processor time of a search. */
  milliseconds: number;
}

export interface Candidates {
  chunks: number;
  /** Only chunks with one of the rarer words of a query are ranked. */
  rarer: Ranking;
  /** All chunks with one of its words are. */
  exact: Ranking;
  /** The part of the first ten results of `exact` that are among the first ten of `rarer`, and of the first ones. */
  sameAmongTen: number;
  sameFirst: number;
}

/** The keys of the chunks that each question finds, best first, and the processor time. */
const keysFor = async (database: IndexDatabase, stores: readonly number[], maxCandidates?: number) => {
  const search = keywordSearch(database, maxCandidates);
  const find = async (query: string) =>
    (await search(query, { tenant: 1, stores, entries: undefined }, DEPTH)).map(({ key }) => key);
  for (const [question] of questions) await find(question); // Counts of words are kept.
  const before = process.cpuUsage();
  const found = new Map<string, number[]>();
  for (const [question] of questions) found.set(question, await find(question));
  const { user, system } = process.cpuUsage(before);
  return { found, milliseconds: (user + system) / 1000 / questions.length };
};

/**
 * What it costs in quality that large stores rank only chunks with one of the rarer words of a query: the documentation is searched
 * among so many chunks of source code, both ways.
 */
export const measureCandidates = async (chunks: number): Promise<Candidates> => {
  const folder = mkdtempSync(join(tmpdir(), 'bench-search-'));
  const dataPath = join(folder, 'data');
  const files = [...documents(), ...sourceFiles(chunks * CHUNK)];
  const engine = await openEngine({ dataPath });
  // The names are no help: files are found by what they say.
  await filledStore(
    engine,
    files.map(([, text], index) => [`${index}.txt`, text]),
  );
  await engine.close();

  const database = openIndexToRead(`${dataPath}.search`);
  const stores = (database.prepare('select id from stores').all([]) as { id: number }[]).map(({ id }) => id);
  const counted = database.prepare('select sum(chunks) as n from entries').get([]) as { n: number };
  const pathOf = (key: number) => files[entryOfKey(key) - 1]?.[0] ?? '';
  const rankingOf = async ({ found, milliseconds }: Awaited<ReturnType<typeof keysFor>>): Promise<Ranking> => ({
    ...(await qualityOf((question) => Promise.resolve((found.get(question) ?? []).map(pathOf)))),
    milliseconds,
  });
  const [rarer, exact] = [await keysFor(database, stores), await keysFor(database, stores, Number.POSITIVE_INFINITY)];
  database.close();
  rmSync(folder, { recursive: true });

  let [among, first] = [0, 0];
  for (const [question, all] of exact.found) {
    const some = rarer.found.get(question)?.slice(0, COMPARED) ?? [];
    const best = all.slice(0, COMPARED);
    among += best.filter((key) => some.includes(key)).length / Math.max(best.length, 1);
    if (best[0] === some[0]) first += 1;
  }
  return {
    chunks: counted.n,
    rarer: await rankingOf(rarer),
    exact: await rankingOf(exact),
    sameAmongTen: among / questions.length,
    sameFirst: first / questions.length,
  };
};
