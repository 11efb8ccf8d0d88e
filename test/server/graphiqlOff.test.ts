import { expect, test } from 'vitest';
import { startFacade } from '../support/facade.ts';

test.each([
  [true, 200, 'text/html; charset=utf-8'],
  [false, 406, 'application/json; charset=utf-8'],
])('with GraphiQL %s a browser that opens the graph gets status %i', async (graphiql, status, type) => {
  const { url } = await startFacade({}, { graphiql });
  const response = await fetch(`${url}?query={__typename}`, { headers: { accept: 'text/html' } });

  expect(response.status).toBe(status);
  expect(response.headers.get('content-type')).toBe(type);
});

test('without GraphiQL its assets are not served, and queries are executed', async () => {
  const { url, query } = await startFacade({}, { graphiql: false });

  expect((await fetch(`${url}/assets/x/graphiql.js`)).status).toBe(404);
  expect(await query('{ __typename }')).toEqual({ data: { __typename: 'Query' } });
});
