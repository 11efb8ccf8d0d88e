import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { assistantsGraphql } from './assistants-graphql.ts';
import type { Subject } from './subject.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** This project's server at another commit, for the works that each of its versions does. It is built once, in a temporary folder. */
export const atCommit = (commit: string): Subject => {
  const { W1, W2, W3, W4 } = assistantsGraphql.requests;
  return {
    name: 'earlier',
    label: `assistants-graphql at ${commit}`,
    start: async (upstream) => ({ ...(await assistantsGraphql.start(upstream)), cwd: buildOf(commit) }),
    requests: { W1, W2, W3, W4 },
  };
};

const buildOf = (commit: string): URL => {
  const hash = execFileSync('git', ['rev-parse', '--verify', `${commit}^{commit}`], { cwd: root })
    .toString()
    .trim();
  const folder = join(tmpdir(), `assistants-graphql-${hash}`);
  if (!existsSync(folder)) {
    process.stderr.write(`Building ${commit} in ${folder}, once.\n`);
    const unfinished = `${folder}-${process.pid}`;
    mkdirSync(unfinished);
    const inFolder = { cwd: unfinished, stdio: ['pipe', 'ignore', 'inherit'] as ['pipe', 'ignore', 'inherit'] };
    try {
      execFileSync('tar', ['--extract'], {
        ...inFolder,
        input: execFileSync('git', ['archive', hash], { cwd: root, maxBuffer: 2 ** 30 }),
      });
      execFileSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], inFolder);
      execFileSync('npm', ['run', '--silent', 'build'], inFolder);
      renameSync(unfinished, folder);
    } finally {
      rmSync(unfinished, { recursive: true, force: true });
    }
  }
  return pathToFileURL(`${folder}/`);
};
