import { expect, onTestFinished, test } from 'vitest';
import { historyCosts, startExplainingPostgres } from '../../bench/postgres/historyCosts.ts';

/** With ten million messages it is `npx tsx bench/postgres/history.ts --messages 10000000`. */
test('a page of a thread of 20,000 messages among 200,000 reads these messages only, and no large table is scanned', async () => {
  const postgres = await startExplainingPostgres();
  onTestFinished(() => postgres.stop());
  const costs = await historyCosts(postgres, 'long', 200_000, 20_000);
  const rows = Object.fromEntries([...costs].map(([name, each]) => [name, each.rows]));
  // A page is of 100. Each row counts once for the index and once for the limit.
  expect(rows['a page']).toBeLessThan(250);
  expect(rows['a page by cursor']).toBeLessThan(250);
  expect(rows['an append']).toBeLessThan(50);
  const scanned = [...costs.values()].flatMap(({ sequentialScans }) => sequentialScans);
  expect(scanned.filter((table) => /^(messages|threads|runs|run_events|steps)$/.test(table))).toEqual([]);
}, 240_000);
