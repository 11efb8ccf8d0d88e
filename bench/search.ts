import { documents } from './search/collection.ts';
import { questions } from './search/questions.ts';
import { measureRetrieval } from './search/retrieval.ts';
import { measureScale } from './search/scale.ts';
import { startWordVectors } from './search/wordVectors.ts';

/**
 * File search: how well it finds the documentation of this project's packages, and what it costs with many chunks.
 * `npm run bench:search -- [chunks]`, 100,000 by default; 0 measures no cost. With `--missed`, the questions that were not answered.
 */
const chunks = Number(process.argv.slice(2).find((argument) => /^\d+$/u.test(argument)) ?? 100_000);
const say = (text: string) => process.stdout.write(`${text}\n`);

const vectors = await startWordVectors();
say(`${documents().size} documents, ${questions.length} questions`);
for (const [name, { recallAt5, mrr, missed }] of Object.entries(await measureRetrieval(vectors.endpoint))) {
  say(`${name.padEnd(10)} recall@5 ${recallAt5.toFixed(3)}  MRR ${mrr.toFixed(3)}`);
  if (process.argv.includes('--missed')) for (const question of missed) say(`  ${question}`);
}
await vectors.close();
if (chunks > 0) {
  const measured = await measureScale(chunks);
  for (const [name, value] of Object.entries(measured)) say(`${name.padEnd(20)} ${Number(value).toFixed(1)}`);
}
process.exit(0);
