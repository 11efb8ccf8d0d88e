import { readFileSync } from 'node:fs';
import { isObjectType } from 'graphql';
import { expect, test } from 'vitest';
import { describeSettings } from '../src/cli/config.ts';
import { createSchema } from '../src/schema/index.ts';

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');

test('the README lists every setting with its default, and no other', () => {
  const told = [...readme.matchAll(/^\| `([A-Z_]+)` \| (\S+) \|/gm)].map(([, name, fallback]) => `${name} ${fallback}`);
  const real = [...describeSettings().matchAll(/^ {2}([A-Z_]+) .*default (\S+)$/gm)].map(
    ([, name, fallback]) => `${name} ${fallback}`,
  );
  expect(told.toSorted()).toEqual(real.toSorted());
});

test('the README maps 23 REST operations onto fields that exist', () => {
  const rows = [...readme.matchAll(/^\| `(?:GET|POST|DELETE) [^`]*` \| (.*) \|$/gm)].map(([, fields = '']) => fields);
  expect(rows).toHaveLength(23);
  const schema = createSchema();
  for (const [, type = '', field = ''] of rows.join(' ').matchAll(/`(\w+)\.(\w+)`/g)) {
    const object = schema.getType(type);
    const fields = isObjectType(object) ? Object.keys(object.getFields()) : [];
    expect(fields.map((name) => `${type}.${name}`)).toContain(`${type}.${field}`);
  }
});
