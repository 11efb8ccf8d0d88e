import { inspect } from 'node:util';
import { expect, test } from 'vitest';
import type { RestClientOptions } from '../../src/rest/client.ts';
import { raw, refusal, reply } from '../support/upstream.ts';
import { failureOf } from './failureOf.ts';
import { restOver } from './restOver.ts';

const key = 'sk-live/1234567890+abc';
const encodedKey = encodeURIComponent(key);

const echoes = {
  'an error': () => refusal(401, `Incorrect API key: ${key}. See ${encodedKey}`, { code: key, param: key, type: key }),
  'a flat error': () => reply({ status: 403, json: { message: `Bearer ${key} is not allowed` } }),
  'a web page': () => reply({ status: 500, body: `<p>${key}</p>` }),
  'a content type': () => reply({ headers: { 'content-type': `text/html; x="${key}"` }, body: '<p>' }),
  'a redirect': () => reply({ status: 302, headers: { location: `https://other.example/${encodedKey}?key=${key}` } }),
  'a 404 that is a web page': () => reply({ status: 404, body: `<p>${key}</p>` }),
  'half a body': () =>
    raw((response) => {
      response.writeHead(200, { 'content-length': 999 });
      response.write(key, () => response.socket?.end());
    }),
  'a connection that closes': () => raw((response) => void response.socket?.destroy()),
  'no response': () => raw(() => {}),
};

const holders: Record<string, Partial<RestClientOptions>> = {
  'a bearer token': { headers: { Authorization: `Bearer ${key}` } },
  'an Azure key': { headers: { 'api-key': key } },
  'a query parameter': { query: { 'subscription-key': key } },
};

test.each(Object.keys(holders).flatMap((holder) => Object.keys(echoes).map((echo) => [holder, echo] as const)))(
  '%s that an upstream echoes in %s is in no error',
  async (holder, echo) => {
    const response = echoes[echo as keyof typeof echoes];
    const { rest } = await restOver(() => response(), { ...holders[holder], timeoutMs: 100 });

    const error = await failureOf(rest.threads.modify('t1', { metadata: { own: 'text' } }));

    const shown = [inspect(error, { depth: 20, showHidden: true }), JSON.stringify(error), String(error), error.stack];
    for (const text of shown) {
      expect(text).not.toContain(key);
      expect(text).not.toContain(encodedKey);
      expect(text).not.toContain('1234567890');
    }
  },
);

test('only the key is removed from an error message', async () => {
  const { rest } = await restOver(() => refusal(401, `Incorrect API key provided: ${key}.`), holders['a bearer token']);

  expect((await failureOf(rest.threads.retrieve('t1'))).message).toBe('Incorrect API key provided: [redacted].');
});

test('an error shows the host of the base URL and not its password', async () => {
  const { rest } = await restOver({}, { baseUrl: `http://ann:hush%40hush@127.0.0.1:9` });

  const shown = inspect(await failureOf(rest.threads.retrieve('t1')), { depth: 20, showHidden: true });

  expect(shown).toContain('127.0.0.1:9');
  expect(shown).not.toMatch(/ann|hush/);
});

test('ordinary parameters, such as a version, are not redacted', async () => {
  const { rest } = await restOver(() => refusal(400, 'Unknown api-version 2024-05-01-preview'), {
    query: { 'api-version': '2024-05-01-preview' },
  });

  expect((await failureOf(rest.threads.retrieve('t1'))).message).toBe('Unknown api-version 2024-05-01-preview');
});
