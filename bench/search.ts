import { measureCandidates } from './search/candidates.ts';
import { documents } from './search/collection.ts';
import { measureFormats } from './search/formats.ts';
import { questions } from './search/questions.ts';
import { measureRetrieval, type Quality } from './search/retrieval.ts';
import { measureScale } from './search/scale.ts';
import { startWordVectors } from './search/wordVectors.ts';

/**
 * File search. `npm run bench:search -- [part]… [chunks]`; by default all parts, and 100,000 chunks:
 *
 * - `retrieval`: how well it finds the documentation of this project's packages; with `--missed`, the questions that were not answered
 * - `candidates`: what it costs in quality that large stores rank only chunks with rarer words
 * - `formats`: what it costs to index documents of 20 pages, by their formats
 * - `scale`: what it costs to index and to search so many chunks
 */
const words = process.argv.slice(2);
const chunks = Number(words.find((word) => /^\d+$/u.test(word)) ?? 100_000);
const say = (text: string) => process.stdout.write(`${text}\n`);
const shown = ({ recallAt5, mrr }: Quality) => `recall@5 ${recallAt5.toFixed(3)}  MRR ${mrr.toFixed(3)}`;

const parts: Record<string, () => Promise<void>> = {
  retrieval: async () => {
    const vectors = await startWordVectors();
    say(`${documents().size} documents, ${questions.length} questions`);
    for (const [name, quality] of Object.entries(await measureRetrieval(vectors.endpoint))) {
      say(`${name.padEnd(10)} ${shown(quality)}`);
      if (words.includes('--missed')) for (const question of quality.missed) say(`  ${question}`);
    }
    await vectors.close();
  },

  candidates: async () => {
    const { chunks: count, rarer, exact, sameAmongTen, sameFirst } = await measureCandidates(40_000);
    say(`${questions.length} questions, ${count} chunks`);
    for (const [name, ranking] of Object.entries({ rarer, exact }))
      say(`${name.padEnd(10)} ${shown(ranking)}  ${ranking.milliseconds.toFixed(1)} ms of processor time for a search`);
    say(`the same: ${sameAmongTen.toFixed(3)} of the first ten results, ${sameFirst.toFixed(3)} of the first ones`);
  },

  formats: async () => {
    for (const [format, { pagesPerSecond, cpuMsPerPage }] of Object.entries(await measureFormats())) {
      const cost = `${cpuMsPerPage.toFixed(2)} ms of processor time for a page`;
      say(`${format.padEnd(10)} ${pagesPerSecond.toFixed(0)} pages a second, ${cost}`);
    }
  },

  scale: async () => {
    for (const [name, value] of Object.entries(await measureScale(chunks)))
      say(`${name.padEnd(20)} ${Number(value).toFixed(1)}`);
  },
};

const named = words.filter((word) => word in parts);
for (const part of named.length > 0 ? named : Object.keys(parts)) await parts[part]?.();
process.exit(0);
