import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { onTestFinished } from 'vitest';

interface EmbeddingRequest {
  headers: IncomingHttpHeaders;
  body: { model: string; input: string[] };
}

/** Words that mean the same have the same number. */
const meanings = [
  ['car', 'automobile', 'vehicle'],
  ['doctor', 'physician'],
  ['fast', 'quick', 'rapid'],
  ['cheap', 'inexpensive'],
];

/** A vector with one dimension for each meaning, and one that every text has. */
const vectorOf = (text: string): number[] => [
  ...meanings.map((words) => words.filter((word) => text.toLowerCase().includes(word)).length),
  0.1,
];

/** A server for embeddings that knows a few synonyms. `status` of the nth response is that of the nth item, then 200. */
export const startEmbeddingServer = (...statuses: number[]) => startEmbeddingServerThat((data) => data, statuses);

interface Embedding {
  index: number;
  embedding: number[];
}

/** The same, with `data` changed by `change`. */
export const startEmbeddingServerThat = async (change: (data: Embedding[]) => Embedding[], statuses: number[] = []) => {
  const requests: EmbeddingRequest[] = [];
  const server = createServer((request, response) => {
    void json(request).then((body) => {
      const asked = body as EmbeddingRequest['body'];
      requests.push({ headers: request.headers, body: asked });
      const status = statuses.shift() ?? 200;
      response.writeHead(status, { 'content-type': 'application/json' });
      if (status !== 200) return response.end('{"error":{"message":"secret of the endpoint"}}');
      const data = asked.input.map((text, index) => ({ object: 'embedding', index, embedding: vectorOf(text) }));
      return response.end(JSON.stringify({ object: 'list', data: change(data.toReversed()), model: asked.model }));
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
  return {
    requests,
    embedding: { baseUrl, model: 'synonyms', apiKey: 'sk-embedding' },
    texts: () => requests.flatMap(({ body }) => body.input),
  };
};
