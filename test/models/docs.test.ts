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

const isSecret = (name: string) => name === 'MODEL_API_KEY' || name === 'MODEL_HEADERS';

test.each(blocksIn('docs/models.md', 'sh'))('the settings in docs/models.md are allowed: %s', (block) => {
  const settings = [...block.matchAll(/^(MODEL_\w+)=(.*)$/gm)].map(([, name = '', value = '']) => [name, value]);
  const env = Object.fromEntries(
    settings.map(([name = '', value = '']) => [name, isSecret(name) ? value.replace('…', '123') : value]),
  );
  expect(Object.keys(env)).toContain('MODEL_BASE_URL');
  expect(() => readConfig(env)).not.toThrow();
});
