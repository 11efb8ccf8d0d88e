import { execFile } from 'node:child_process';
import { readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { readConfig } from '../../src/cli/config.ts';
import { newDirectory } from '../engine/dataFiles.ts';
import { startServer } from '../support/server.ts';
import { completion, textChunk } from './chatStream.ts';
import { completionRequests, startModel } from './engineOver.ts';

const project = join(import.meta.dirname, '../..');
const blocksIn = (path: string, language: string) =>
  [...readFileSync(join(project, path), 'utf8').matchAll(/^ *```(\w+)\n(.*?)^ *```$/gms)].flatMap(
    ([, name, code = '']) => (name === language ? [code.replaceAll(/^ {3}/gm, '')] : []),
  );

test('the program in docs/migrate.md runs on a real model', async () => {
  const { server: model } = await startModel([completion([textChunk('Moby-Dick.')], 'stop')]);
  const server = await startServer({ MODEL_BASE_URL: model.url, MODEL_NAMES: 'gpt-4o=qwen3' });
  const [program = '', ...more] = blocksIn('docs/migrate.md', 'js');
  expect(more).toEqual([]);
  const directory = newDirectory();
  symlinkSync(join(project, 'node_modules'), join(directory, 'node_modules'));
  const file = join(directory, 'migrated.mjs');
  writeFileSync(file, program.replaceAll('127.0.0.1:4000', new URL(server.url).host));
  expect(await promisify(execFile)(process.execPath, [file])).toEqual({ stdout: 'completed Moby-Dick.\n', stderr: '' });
  expect(completionRequests(model)).toMatchObject([
    {
      model: 'qwen3',
      messages: [
        { role: 'system', content: 'Answer in one sentence.' },
        { role: 'user', content: 'What shall I read?' },
      ],
    },
  ]);
});

/** The environment that a server gets that is started by these commands in a shell. */
const environmentOf = async (commands: string): Promise<Record<string, string>> => {
  const printed = commands.replaceAll('…', '123').replace('npm start', 'env -0');
  const { stdout } = await promisify(execFile)('sh', ['-c', printed], { env: { PATH: process.env['PATH'] } });
  const lines = stdout.split('\0').filter((line) => line.startsWith('MODEL_'));
  return Object.fromEntries(lines.map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]));
};

const starts = blocksIn('docs/models.md', 'sh').filter((block) => block.includes('npm start'));

test('docs/models.md says how to start with each endpoint', () => {
  expect(starts.length).toBe(7);
});

test.each(starts)('the commands in docs/models.md have settings that are allowed: %s', async (block) => {
  const env = await environmentOf(block);
  expect(Object.keys(env)).toContain('MODEL_BASE_URL');
  expect(() => readConfig(env)).not.toThrow();
});
