import { describe, expect, test } from 'vitest';
import { startFacade } from '../support/facade.ts';

const page = { origin: 'http://localhost:5173' };

/** A request for the names of assistants, and the parts of its response that do not depend on the time. */
const askAt = async (url: string, headers: Record<string, string>) => {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ query: '{ assistants { nodes { name } } }' }),
  });
  const { date: _, ...head } = Object.fromEntries(response.headers);
  return { status: response.status, head, body: await response.text() };
};

const start = () =>
  startFacade({
    'GET /assistants': { object: 'list', data: [{ id: 'asst_1', object: 'assistant', name: 'Zoë' }], has_more: false },
  });

// A content-encoding is left to yoga, even `identity`.
const theLongWay = { 'content-encoding': 'identity' };

describe('a request is answered the short way, and as yoga answers it', () => {
  test.each([
    ['that accepts anything', {}],
    ['of a page', page],
    ['of Relay', { ...page, accept: 'application/json' }],
    ['of Apollo Client', { ...page, accept: 'application/graphql-response+json,application/json;q=0.9' }],
    [
      'of urql',
      {
        ...page,
        accept:
          'application/graphql-response+json, application/graphql+json, application/json, text/event-stream, multipart/mixed',
      },
    ],
    ['of GraphiQL', { ...page, accept: 'application/json, multipart/mixed' }],
    ['that would rather have a stream', { accept: 'text/event-stream, application/json' }],
    ['that takes any application', { accept: 'application/*, application/graphql-response+json' }],
    [
      'with a charset',
      { accept: 'application/json; charset = utf-16, application/graphql-response+json; charset=UTF-8' },
    ],
  ])('%s', async (_, headers: Record<string, string>) => {
    const { url, throughYoga } = await start();
    const short = await askAt(url, headers);
    expect(throughYoga()).toBe(0);
    expect(short).toMatchObject({ status: 200, body: '{"data":{"assistants":{"nodes":[{"name":"Zoë"}]}}}' });
    expect(await askAt(url, { ...headers, ...theLongWay })).toEqual(short);
    expect(throughYoga()).toBe(1);
  });
});

test.each([
  ['a stream is asked for', { accept: 'text/event-stream' }, 200],
  ['nothing is accepted that there is', { accept: 'text/html' }, 406],
  ['the page may not ask', { origin: 'https://evil.example' }, 403],
])('yoga serves the request if %s', async (_, headers: Record<string, string>, status) => {
  const { url, throughYoga } = await start();
  expect((await askAt(url, headers)).status).toBe(status);
  expect(throughYoga()).toBe(1);
});
