import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';
import { startServer } from '../support/server.ts';
import { assistantOf, startRun } from './engineObjects.ts';

const project = fileURLToPath(new URL('../..', import.meta.url));

const codeIn = async (path: string) => {
  const text = await readFile(join(project, path), 'utf8');
  return [...text.matchAll(/^```js\n([^]*?)^```$/gm)].map(([, code = '']) => code);
};

test('the program in docs/live.md follows a run to its end with either client', async () => {
  const [withSse, withWebSocket, follow, ...more] = await codeIn('docs/live.md');
  expect(more).toEqual([]);
  const server = await startServer();
  const directory = await mkdtemp(join(tmpdir(), 'live-docs-'));
  onTestFinished(async () => {
    await server.stop();
    await rm(directory, { recursive: true });
  });
  await symlink(join(project, 'node_modules'), join(directory, 'node_modules'));
  const assistantId = await assistantOf(server, 'get_weather');

  for (const client of [withSse, withWebSocket]) {
    const file = join(directory, 'follow.mjs');
    await writeFile(file, `${client}\n${follow}`.replaceAll('127.0.0.1:4000', new URL(server.url).host));
    const { threadId, runId } = await startRun(server, assistantId, 'Hello!');
    const { stdout, stderr } = await promisify(execFile)(process.execPath, [file, threadId, runId]);
    expect({ stdout, stderr }).toEqual({
      stdout: '[QUEUED][QUEUED][IN_PROGRESS][offline model] You wrote: "Hello!"[COMPLETED]',
      stderr: '',
    });
  }
});
