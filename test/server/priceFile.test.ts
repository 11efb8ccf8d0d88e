import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ConfigError, readConfig } from '../../src/cli/config.ts';
import { newDirectory } from '../engine/dataFiles.ts';
import { runServer } from '../support/server.ts';

const priced = (price: unknown) => JSON.stringify({ models: { 'a*b': price } });

/** The error for a price file with this text. */
const errorFor = (text: string) => {
  const path = join(newDirectory(), 'prices.json');
  writeFileSync(path, text);
  try {
    readConfig({ PRICES_FILE: path });
    return undefined;
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    expect(error.message).toContain(`got "${path}"`);
    return error.message;
  }
};

const amountMessage = 'must be the price of a million tokens, such as "2.50"';

test.each([
  ['that is not JSON', '{', 'not JSON: '],
  ['that is a list', '[]', 'must be a JSON object with models and optionally currency'],
  ['without models', '{}', 'models: must be an object of prices by model name'],
  ['with an unknown member', '{"models":{},"vat":1}', 'has the unknown member vat; known are currency and models'],
  [
    'with a currency that is none',
    '{"models":{},"currency":"euro"}',
    'currency: must be an ISO 4217 code such as "USD"',
  ],
  ['with a price that is a number', priced(3), 'models > a*b: must be null or an object with input, output and'],
  ['without an output price', priced({ input: 1 }), `models > a*b > output: ${amountMessage}`],
  ['with a negative price', priced({ input: -1, output: 1 }), `models > a*b > input: ${amountMessage}`],
  ['with a comma', priced({ input: 1, output: '2,50' }), `models > a*b > output: ${amountMessage}`],
  [
    'with a price of null',
    priced({ input: 1, output: 1, cachedInput: null }),
    `models > a*b > cachedInput: ${amountMessage}`,
  ],
  [
    'with a misspelt price',
    priced({ input: 1, output: 1, cached: 1 }),
    'models > a*b: has the unknown member cached; known',
  ],
])('a price file %s is an error that says what is allowed', (_, text, message) => {
  expect(errorFor(text)).toContain(`PRICES_FILE must be the path of a valid price file (${message}`);
});

test('a price file with all that is allowed is accepted', () => {
  const full = { input: '2.50', cachedInput: 1.25, output: '1e1' };
  expect(
    errorFor(
      JSON.stringify({ currency: 'EUR', models: { 'gpt-4o*': full, other: { input: 0, output: 0 }, '*': null } }),
    ),
  ).toBeUndefined();
});

test('the server does not start with a price file that does not exist', async () => {
  const { code, stderr } = await runServer({ PRICES_FILE: '/nowhere/prices.json' });
  expect(code).toBe(1);
  expect(stderr).toBe(
    'PRICES_FILE must be the path of a valid price file (cannot be read: ENOENT), got "/nowhere/prices.json"\n',
  );
});
