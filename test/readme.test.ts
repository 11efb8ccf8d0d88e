import { readFileSync } from 'node:fs';
import { isObjectType } from 'graphql';
import { expect, test } from 'vitest';
import { settings } from '../src/cli/config.ts';
import { helpTable, markdownTable } from '../src/cli/settingsTable.ts';
import { createSchema } from '../src/schema/index.ts';

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');

test('the README lists every setting, as --help does', () => {
  expect(readme).toContain(`\n${markdownTable()}\n`);
  for (const { name, description } of Object.values(settings)) {
    expect(helpTable()).toContain(name);
    expect(helpTable()).toContain(description.replaceAll('`', "'"));
  }
});

test('the README maps 38 REST operations onto fields that exist', () => {
  const rows = [...readme.matchAll(/^\| `(?:GET|POST|DELETE) [^`]*` \| (.*) \|$/gm)].map(([, fields = '']) => fields);
  expect(rows).toHaveLength(38);
  const schema = createSchema();
  for (const [, type = '', field = ''] of rows.join(' ').matchAll(/`(\w+)\.(\w+)`/g)) {
    const object = schema.getType(type);
    const fields = isObjectType(object) ? Object.keys(object.getFields()) : [];
    expect(fields.map((name) => `${type}.${name}`)).toContain(`${type}.${field}`);
  }
});
