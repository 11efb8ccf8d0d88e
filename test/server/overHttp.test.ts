import { serverAudits } from 'graphql-http';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type RunningServer, startServer } from '../support/server.ts';

let server: RunningServer;

beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.stop());

test('every audit of the GraphQL over HTTP specification is met', async () => {
  const audits = serverAudits({ url: `${server.url}/graphql` });
  const results = await Promise.all(audits.map((audit) => audit.fn()));

  const missed = results.flatMap((result) => (result.status === 'ok' ? [] : [`${result.name}: ${result.reason}`]));
  expect(missed).toEqual([]);
  expect(results).toHaveLength(61);
});
