import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openEngine } from '../../src/engine/engine.ts';
import { percentile } from '../measure/percentile.ts';
import { mainThreadMs, rssMiB } from '../machine/usage.ts';
import { shuffledTexts } from './collection.ts';
import { questions } from './questions.ts';
import { filledStore, searched } from './store.ts';

/** Characters of a document of 20 pages, and its chunks, about. */
const DOCUMENT = 60_000;
const CHUNKS_PER_DOCUMENT = 43;
/** A store may have no more files. For more chunks than they have, documents are longer. */
const MOST_DOCUMENTS = 10_000;
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

/** The most processor time that the main thread took between two turns of a timer while `work` ran, in milliseconds. */
const heldDuring = async (work: () => Promise<void>): Promise<number> => {
  let longest = 0;
  let before = mainThreadMs(process.pid);
  const timer = setInterval(() => {
    const now = mainThreadMs(process.pid);
    longest = Math.max(longest, now - before);
    before = now;
  }, 2);
  await work();
  clearInterval(timer);
  return longest;
};

function* named(count: number, nextText: () => string): Generator<readonly [string, string]> {
  for (let index = 0; index < count; index += 1) yield [`document ${index}.md`, nextText()];
}

/** Indexes so many chunks, then searches them, in one process. */
export const measureScale = async (chunks: number): Promise<Scale> => {
  const folder = mkdtempSync(join(tmpdir(), 'bench-search-'));
  const dataPath = join(folder, 'data');
  const engine = await openEngine({ dataPath });
  const size = Math.ceil(chunks / CHUNKS_PER_DOCUMENT / MOST_DOCUMENTS);
  const count = Math.ceil(chunks / CHUNKS_PER_DOCUMENT / size);
  const nextText = shuffledTexts(DOCUMENT * size);
  let peakMiB = 0;
  const sampling = setInterval(() => {
    peakMiB = Math.max(peakMiB, rssMiB(process.pid));
  }, 250);
  const [started, cpu] = [performance.now(), process.cpuUsage()];
  let storeId = '';
  const ingestionHeldMs = await heldDuring(async () => {
    storeId = await filledStore(engine, named(count, nextText));
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
