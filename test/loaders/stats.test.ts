import { expect, test } from 'vitest';
import { startFacade } from '../support/facade.ts';
import { assistantsOf, restRoutes, threadOf } from './restModel.ts';

const routes = restRoutes({
  assistants: assistantsOf(20),
  threads: { t: threadOf('t', { messages: 8, runs: 4, steps: 2, assistants: 4 }) },
});

test('extensions.upstream is returned if the header requests it, whatever its value', async () => {
  const { query } = await startFacade(routes);
  const document = `{ thread(threadId: "t") {
    metadata
    runs { nodes { assistant { name } steps { nodes { assistant { name } } } } }
    again: runs { nodes { status } }
  } }`;
  const { extensions } = await query(document, {}, { 'x-upstream-stats': 'yes' });

  // The thread and its runs; the steps of four runs, and one page for their four assistants.
  expect(extensions).toEqual({
    upstream: { calls: 7, roundTrips: 2, coalesced: 4, deduplicated: expect.any(Number) },
  });
});

test('extensions.upstream is returned for every request if the setting is on', async () => {
  const { query } = await startFacade(routes, { upstreamStats: true });

  expect(
    await query('{ a: assistant(assistantId: "asst_1") { name } b: assistant(assistantId: "asst_1") { model } }'),
  ).toEqual({
    data: { a: { name: 'Assistant 1' }, b: { model: 'a-model' } },
    extensions: { upstream: { calls: 1, roundTrips: 1, coalesced: 0, deduplicated: 1 } },
  });
});

test('extensions.upstream is returned together with errors', async () => {
  const { query } = await startFacade({}, { upstreamStats: true });

  expect(await query('{ assistant(assistantId: "asst_1") { name } }')).toMatchObject({
    errors: [{ path: ['assistant'] }],
    extensions: { upstream: { calls: 1, roundTrips: 1 } },
  });
});

test('extensions.upstream is absent by default', async () => {
  const { query } = await startFacade(routes);

  expect(await query('{ assistant(assistantId: "asst_1") { name } }')).not.toHaveProperty('extensions');
});
