import { expect, onTestFinished, test } from 'vitest';
import { takeDatabase } from '../support/databases.ts';
import { startServer } from '../support/server.ts';

test('a server on PostgreSQL says which database it uses, without the password, and two of them serve the same objects', async () => {
  const { url, giveBack } = await takeDatabase();
  onTestFinished(giveBack);
  const env = { DATABASE_URL: url, DATA_PATH: '' };
  const [first, second] = await Promise.all([startServer(env), startServer(env)]);
  const body = JSON.stringify({ model: 'm', name: 'shared' });
  const created = (await (await first.rest('/assistants', { method: 'POST', body })).json()) as { id: string };
  const found = (await (await second.rest(`/assistants/${created.id}`)).json()) as { name: string };
  expect(found.name).toBe('shared');
  expect(await Promise.all([first.stop(), second.stop()])).toEqual([0, 0]);
  const { hostname, port, pathname, password } = new URL(url);
  expect(first.output()).toContain(`PostgreSQL, the database ${pathname.slice(1)} at ${hostname}:${port}`);
  expect(first.output()).not.toContain(password);
  expect(first.output()).not.toContain(decodeURIComponent(password));
});
