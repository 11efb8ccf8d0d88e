import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { settings } from '../../src/cli/config.ts';

const root = new URL('../../', import.meta.url);
const document = readFileSync(new URL('docs/security.md', root), 'utf8');

test('each threat in docs/security.md has a test that exists', () => {
  const [, threats = ''] = document.split('## What stops them');
  const rows = threats.split('\n').filter((line) => line.startsWith('| ') && !/^\| (?:threat|---)/.test(line));
  expect(rows.length).toBeGreaterThan(15);
  for (const row of rows) {
    const tests = [...row.matchAll(/`(test\/[^`]*)`/g)].map(([, path = '']) => path);
    expect([row, tests.length > 0 && tests.every((path) => existsSync(new URL(path, root)))]).toEqual([row, true]);
  }
});

test('docs/security.md names settings that exist', () => {
  const names = new Set(Object.values(settings).map(({ name }) => name));
  const named = document.match(/\b(?:ACCESS|ASSISTANTS|ROUTER|ALLOWED)(?:_[A-Z]+)*\b/g) ?? [];
  expect(named.filter((name) => !names.has(name))).toEqual([]);
});
