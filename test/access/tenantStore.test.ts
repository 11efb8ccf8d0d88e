import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Store } from '../../src/engine/store/store.ts';
import { openTestStore } from '../support/store.ts';
import { insertAll, inserts, reads, writes } from './storeCalls.ts';

// Routes look at the thread of an object first. The store must not depend on that: a route could forget it.

let store: Store;

beforeAll(async () => {
  store = await openTestStore();
  await store.forTenant('alice').write(insertAll);
});
afterAll(() => store.close());

const everything = async () =>
  JSON.stringify(await Promise.all(Object.values(reads).map((read) => read(store.forTenant('alice')))));

test.each(Object.entries(reads))(
  '%s finds nothing of another tenant, within and outside a transaction',
  async (_, read) => {
    const none = [undefined, [], { items: [], hasMore: false }, { events: [], hasMore: false }];
    const bobs = store.forTenant('bob');
    expect(none).toContainEqual(await read(bobs));
    expect(none).toContainEqual(await bobs.write(read));
    expect(none).not.toContainEqual(await read(store.forTenant('alice')));
    expect(none).not.toContainEqual(await read(store));
  },
);

test.each(Object.entries(writes))('%s changes nothing of another tenant', async (_, write) => {
  const before = await everything();
  expect([undefined, false, 0, []]).toContainEqual(await store.forTenant('bob').write(write));
  expect(await everything()).toBe(before);
});

test.each(Object.entries(inserts))('%s rejects for the thread or run of another tenant', async (_, insert) => {
  const before = await everything();
  await expect(store.forTenant('bob').write(insert)).rejects.toThrow(/not.null/i);
  expect(await everything()).toBe(before);
  await store.forTenant('alice').write(insert);
});

test('the calls cover every function of the store', () => {
  const bobs = Object.entries(store.forTenant('bob')).flatMap(([name, rows]) =>
    typeof rows === 'object' ? Object.keys(rows).map((one) => `${name}.${one}`) : [],
  );
  // Workers alone use these, on the store of all tenants; a TenantStore does not have them by its type.
  const forWorkers = [
    ...Object.keys(store.ingestion).map((name) => `ingestion.${name}`),
    'threads.tenantOf',
    'threads.hasDeleted',
    'threads.removeDeleted',
    'events.prune',
    'runs.hasPrunable',
    'runs.isAnyOverdue',
    'runs.overdue',
    'runs.countActive',
    'runs.claimable',
    'runs.release',
    'runs.renew',
    'files.isReferenced',
    'files.expired',
    'uploads.expired',
    'runWebhooks.take',
    'runWebhooks.nextDueAt',
    'runWebhooks.postpone',
    'runWebhooks.makeDue',
    'runWebhooks.remove',
    'runWebhooks.removeOlder',
  ];
  // Keys of another tenant are tested in test/engine/idempotency.test.ts.
  const own = [
    'assistants.insert',
    'threads.insert',
    'files.insert',
    'files.storedBytes',
    'files.lockStoredBytes',
    'uploads.insert',
    'vectorStores.insert',
    'runWebhooks.add',
    'idempotencyKeys.lock',
    'idempotencyKeys.insert',
  ];
  const tested = [...Object.keys(reads), ...Object.keys(writes), ...Object.keys(inserts), ...forWorkers, ...own];
  expect(bobs.filter((name) => !tested.includes(name))).toEqual([]);
});
