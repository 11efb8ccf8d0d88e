import { describe, expect, test } from 'vitest';
import { startFacade } from '../support/facade.ts';
import { refusal, reply } from '../support/upstream.ts';
import { resources } from './fixtures.ts';

describe.each(resources)('$type', ({ type, path, lookUp, object }) => {
  test('is found by its REST ids, with one REST call', async () => {
    const { query, upstream } = await startFacade({ [`GET ${path}`]: object });

    expect(await query(`{ it: ${lookUp} { __typename ... on ${type} { object createdAt } } }`)).toEqual({
      data: { it: { __typename: type, object: expect.any(String), createdAt: expect.any(String) } },
    });
    expect(upstream.paths()).toEqual([`GET ${path}`]);
  });

  test('that does not exist is null without an error', async () => {
    const { query } = await startFacade({ [`GET ${path}`]: refusal(404, 'No such thing found.') });

    expect(await query(`{ it: ${lookUp} { id ... on ${type} { createdAt } } }`)).toEqual({ data: { it: null } });
  });

  test('is found again by its global id', async () => {
    const { query, upstream } = await startFacade({ [`GET ${path}`]: object });
    const { data } = await query<{ it: { id: string } }>(`{ it: ${lookUp} { id } }`);
    const id = data?.it.id;

    expect(await query('query ($id: ID!) { node(id: $id) { __typename id } }', { id })).toEqual({
      data: { node: { __typename: type, id } },
    });
    expect(await query('query ($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }', { ids: [id, id] })).toEqual({
      data: {
        nodes: [
          { __typename: type, id },
          { __typename: type, id },
        ],
      },
    });
    expect(upstream.paths()).toEqual([`GET ${path}`, `GET ${path}`, `GET ${path}`]);
  });

  test('that was deleted is null in `node` without an error', async () => {
    const answers = [object, refusal(404, 'No such thing found.')];
    const { query } = await startFacade({ [`GET ${path}`]: () => answers.shift() });
    const { data } = await query<{ it: { id: string } }>(`{ it: ${lookUp} { id } }`);

    expect(await query('query ($id: ID!) { node(id: $id) { id } }', { id: data?.it.id })).toEqual({
      data: { node: null },
    });
  });

  test.each([
    [401, 'UNAUTHENTICATED'],
    [403, 'FORBIDDEN'],
    [429, 'RATE_LIMITED'],
    [500, 'UPSTREAM_ERROR'],
    [503, 'UPSTREAM_ERROR'],
  ])('that fails with status %i is null with the error %s', async (status, code) => {
    const { query } = await startFacade({ [`GET ${path}`]: refusal(status, 'Not now.') });

    expect(await query(`{ it: ${lookUp} { ... on ${type} { createdAt } } }`)).toMatchObject({
      data: { it: null },
      errors: [{ message: 'Not now.', path: ['it'], extensions: { code, upstream: { status } } }],
    });
  });
});

test('a 404 that is a web page means a wrong base URL, not a missing object', async () => {
  const { query } = await startFacade({
    'GET /threads/t1': reply({ status: 404, headers: { 'content-type': 'text/html' }, body: '<h1>Not here</h1>' }),
  });

  expect(await query('{ thread(threadId: "t1") { createdAt } }')).toMatchObject({
    data: { thread: null },
    errors: [{ extensions: { code: 'UPSTREAM_INVALID_RESPONSE', upstream: { status: 404 } } }],
  });
});

test('a look-up that fails does not affect another one', async () => {
  const { query } = await startFacade({
    'GET /threads/t1': { id: 't1', metadata: { a: 'b' } },
    'GET /threads/t2': refusal(500, 'Oh no.'),
  });

  const result = await query(`{
    good: thread(threadId: "t1") { metadata }
    bad: thread(threadId: "t2") { metadata }
  }`);
  expect(result.data).toEqual({ good: { metadata: { a: 'b' } }, bad: null });
  expect(result.errors).toHaveLength(1);
});
