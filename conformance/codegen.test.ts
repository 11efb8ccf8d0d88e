import { execFile } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { beforeAll, expect, test } from 'vitest';

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const run = (script: string, ...args: string[]) =>
  promisify(execFile)(process.execPath, [at(script), ...args], { cwd: at('.') });

beforeAll(async () => {
  rmSync(at('codegen/__generated__'), { recursive: true, force: true });
  await run('node_modules/@graphql-codegen/cli/cjs/bin.js', '--config', 'codegen/config.ts');
});

test('tsc takes the generated types, and what a frontend writes against them', async () => {
  await expect(run('../node_modules/typescript/bin/tsc', '--noEmit', '-p', '.')).resolves.toMatchObject({ stdout: '' });
});

test('nothing is typed any', () => {
  expect(readFileSync(at('codegen/__generated__/graphql.ts'), 'utf8')).not.toMatch(/\bany\b(?! )/);
});
