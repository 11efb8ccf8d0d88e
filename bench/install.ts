import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import type { Subject } from './subjects/subject.ts';

const peers = new URL('.', import.meta.url);
const mesh = new URL('peers/mesh/', import.meta.url);

/** Installs what the subjects need in addition to the project's own packages, if that has not been done before. */
export const installFor = (subjects: readonly Subject[]) => {
  const named = new Set(subjects.map(({ name }) => name));
  if (['mercurius', 'apollo', 'yoga', 'openapi-to-graphql', 'graphql-jit'].some((name) => named.has(name))) {
    install(peers, 'the packages of the peers (some 340, 85 MB)');
  }
  if (named.has('mesh')) install(mesh, 'GraphQL Mesh and Hive Gateway (some 800 packages, 500 MB)');
};

/** Installs the packages that the lock file in `folder` names, if that has not been done before. */
export const install = (folder: URL, what: string) => {
  if (existsSync(new URL('node_modules/.package-lock.json', folder))) return;
  process.stderr.write(`Installing ${what} into ${folder.pathname}, once.\n`);
  const { status } = spawnSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  if (status !== 0) throw new Error(`npm ci failed in ${folder.pathname}; what it wrote is above.`);
};
