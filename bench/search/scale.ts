import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { openEngine } from '../../src/engine/engine.ts';
import type { EmbeddingEndpoint } from '../../src/engine/search/embeddings.ts';
import { percentile } from '../measure/percentile.ts';
import { rssMiB } from '../machine/usage.ts';
import { shuffledTexts } from './collection.ts';
import { questions } from './questions.ts';
import { filledStore, searched } from './store.ts';

/** Characters of a document of 20 pages. */
const DOCUMENT = 60_000;
/** Chunks of such a document, about. */
const CHUNKS_PER_DOCUMENT = 43;
const SEARCHES = 500;

export interface Scale {
  documents: number;
  chunks: number;
  ingestionSeconds: number;
  /** Of all threads. */
  ingestionCpuSeconds: number;
  peakMiB: number;
  indexMiB: number;
  /** The most processor time for which the event loop was held at once, in milliseconds. */
  ingestionHeldMs: number;
  /** Of all threads, for each search. */
  searchCpuMs: number;
  searchP50Ms: number;
  searchP99Ms: number;
  searchHeldMs: number;
}

/** Processor time of the main thread so far, in milliseconds. Time in which another process had the core is not in it. */
const mainThreadMs = () =>
  Number(readFileSync(`/proc/self/task/${process.pid}/schedstat`, 'utf8').split(' ', 1)[0]) / 1e6;

/** The most processor time that the main thread took between two turns of a timer while `work` ran, in milliseconds. */
const heldDuring = async (work: () => Promise<void>): Promise<number> => {
  let longest = 0;
  let before = mainThreadMs();
  const timer = setInterval(() => {
    const now = mainThreadMs();
    longest = Math.max(longest, now - before);
    before = now;
  }, 2);
  await work();
  clearInterval(timer);
  return longest;
};

function* named(count: number): Generator<readonly [string, string]> {
  let index = 0;
  for (const text of shuffledTexts(DOCUMENT)) {
    if (index === count) return;
    index += 1;
    yield [`document ${index}.md`, text];
  }
}

/** Indexes so many chunks, then searches them, in one process. */
export const measureScale = async (chunks: number, embedding: EmbeddingEndpoint | undefined): Promise<Scale> => {
  const folder = mkdtempSync(join(tmpdir(), 'bench-search-'));
  const dataPath = join(folder, 'data');
  const engine = await openEngine({ dataPath, embedding });
  const count = Math.ceil(chunks / CHUNKS_PER_DOCUMENT);
  let peakMiB = 0;
  const sampling = setInterval(() => {
    peakMiB = Math.max(peakMiB, rssMiB(process.pid));
  }, 250);
  const [started, cpu] = [performance.now(), process.cpuUsage()];
  let storeId = '';
  const ingestionHeldMs = await heldDuring(async () => {
    storeId = await filledStore(engine, named(count));
  });
  const ingestionSeconds = (performance.now() - started) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  clearInterval(sampling);

  const times: number[] = [];
  for (const [question] of questions) await searched(engine, storeId, question, 20);
  const searching = process.cpuUsage();
  const searchHeldMs = await heldDuring(async () => {
    for (let index = 0; index < SEARCHES; index += 1) {
      const [question = ''] = questions[index % questions.length] ?? [];
      const began = performance.now();
      await searched(engine, storeId, question, 20);
      times.push(performance.now() - began);
    }
  });
  const searchCpu = process.cpuUsage(searching);
  await engine.close();
  const indexMiB = statSync(`${dataPath}.search`).size / 2 ** 20;
  rmSync(folder, { recursive: true });
  return {
    documents: count,
    chunks,
    ingestionSeconds,
    ingestionCpuSeconds: (user + system) / 1e6,
    peakMiB,
    indexMiB,
    ingestionHeldMs,
    searchCpuMs: (searchCpu.user + searchCpu.system) / 1000 / SEARCHES,
    searchP50Ms: percentile(times, 50),
    searchP99Ms: percentile(times, 99),
    searchHeldMs,
  };
};
