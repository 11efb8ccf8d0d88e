import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';

// A process of its own, since the vectors take a gigabyte: a server for embeddings, which prints its address.

/** GloVe vectors of 340,000 English words; the words are in the order of their frequency. */
interface WordVectors {
  dimensions: number;
  words: string[];
  vectors: Record<string, number[]>;
}

const { dimensions, words, vectors } = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8')) as WordVectors;

/** Smooth inverse frequency: Arora, Liang and Ma, "A Simple but Tough-to-Beat Baseline for Sentence Embeddings", 2017. */
const A = 1e-3;
// Frequencies follow from ranks by Zipf's law.
const weights = new Map(words.map((word, rank) => [word, A / (A + 1 / ((rank + 1) * 13))]));

/** The weighted mean of the vectors of the words, except for its length, which does not matter. */
const embed = (text: string): number[] => {
  const sum = Array.from({ length: dimensions }, () => 0);
  for (const word of text.toLowerCase().match(/[a-z]+|\d+/gu) ?? []) {
    const vector = Object.hasOwn(vectors, word) ? vectors[word] : undefined;
    const weight = weights.get(word) ?? 0;
    if (vector === undefined) continue;
    for (let at = 0; at < dimensions; at += 1) sum[at] = (sum[at] ?? 0) + weight * (vector[at] ?? 0);
  }
  return sum;
};

const respond = async (request: IncomingMessage, response: ServerResponse) => {
  const { input } = (await json(request)) as { input: string[] };
  const data = input.map((text, index) => ({ index, embedding: embed(text) }));
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ data }));
};

const server = createServer((request, response) => {
  respond(request, response).catch(() => response.destroy());
});
server.listen(0, '127.0.0.1', () => {
  process.stdout.write(`listening on http://127.0.0.1:${(server.address() as AddressInfo).port}\n`);
});
