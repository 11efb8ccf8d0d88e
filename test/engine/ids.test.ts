import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { startClient } from './client.ts';

test('ids sort in the order of creation, so that objects of the same time are next to each other in indexes', async () => {
  const client = await startClient({});
  const ids: string[] = [];
  for (let count = 0; count < 30; count += 1) {
    const { id } = await client.thread('Hi');
    ids.push(id);
    await sleep(2); // Within a millisecond the order is random.
  }
  expect(new Set(ids).size).toBe(30);
  expect(ids.toSorted()).toEqual(ids);
});
