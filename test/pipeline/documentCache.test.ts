import { buildSchema } from 'graphql';
import { expect, test } from 'vitest';
import { documentCache } from '../../src/pipeline/documents.ts';

const schema = buildSchema('type Query { numbers(of: [Int!]): Int }');

const long = (index: number) => `query q${index} { numbers(of: [${'1 '.repeat(9_900)}]) }`;
const commented = (index: number) => `query q${index} { numbers ${'#\n'.repeat(9_900)} }`;

test('documents leave the cache once all have 200,000 tokens, comments included', () => {
  let prepared = 0;
  const documentOf = documentCache(
    {
      schema,
      textChecks: [],
      documentChecks: [],
      validationRules: [],
      hideSuggestions: false,
      publicErrors: () => [],
    },
    (document) => {
      prepared += 1;
      return document;
    },
  );
  documentOf(long(0));
  documentOf(long(0));
  expect(prepared).toBe(1);
  for (const write of [long, commented]) {
    prepared = 0;
    for (let index = 0; index < 21; index += 1) documentOf(write(index));
    documentOf(write(20));
    documentOf(write(0));
    expect(prepared).toBe(write === long ? 21 : 22);
  }
});
