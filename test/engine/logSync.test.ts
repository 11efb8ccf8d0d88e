import { symlinkSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { logSync } from '../../src/engine/store/sqlite/logSync.ts';
import { openSqliteStore } from '../../src/engine/store/sqlite/sqliteStore.ts';
import type { RestMessage } from '../../src/wire/message.ts';
import { newDataPath, newDirectory } from './dataFiles.ts';

const message: RestMessage = {
  id: 'msg_1',
  object: 'thread.message',
  created_at: 1,
  thread_id: 'thread_1',
  status: 'completed',
  incomplete_details: null,
  completed_at: 1,
  incomplete_at: null,
  role: 'user',
  content: [],
  assistant_id: null,
  run_id: null,
  attachments: [],
  metadata: {},
};

const thread = { id: 'thread_1', object: 'thread', created_at: 1, metadata: {}, tool_resources: null } as const;

test('a write is acknowledged, reported and read only when its log is on the disk, and the thread goes on meanwhile', async () => {
  const store = await openSqliteStore(newDataPath());
  onTestFinished(() => store.close());
  await store.write(({ threads }) => threads.insert({ ...thread, id: 'thread_0' }));
  const handle = await open(process.execPath);
  const prototype = Object.getPrototypeOf(handle) as typeof handle;
  await handle.close();
  const synced: (() => void)[] = [];
  const datasync = vi.spyOn(prototype, 'datasync').mockImplementation(
    () =>
      new Promise((resolve) => {
        synced.push(resolve);
      }),
  );
  onTestFinished(() => datasync.mockRestore());

  const seen: string[] = [];
  const written = store
    .write(async ({ threads, messages }) => {
      await threads.insert(thread);
      await messages.insert(thread.id, [message]);
    })
    .then(() => seen.push('written'));
  await expect.poll(() => synced).toHaveLength(1);
  // One is built for each call, the other is a statement that is compiled once.
  const reads = [store.threads.get(thread.id), store.messages.get(thread.id, message.id)];
  const read = reads.map((each) => each.then((found) => seen.push(found === undefined ? 'missing' : 'read')));
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(seen).toEqual([]);
  synced[0]?.();
  await Promise.all([written, ...read]);
  expect(seen.toSorted()).toEqual(['read', 'read', 'written']);
});

test('after a log that could not be brought to the disk nothing more is written, and the reason says so', async () => {
  const path = join(newDirectory(), 'data.db');
  symlinkSync('/dev/null', `${path}-wal`); // A device that cannot be synced.
  const log = logSync(path);
  expect(log.problem()).toBeUndefined();
  await expect(log.sync()).rejects.toMatchObject({ name: 'StoreWriteError', status: 503 });
  expect(log.problem()).toContain('The disk of the data file failed');
  await expect(log.sync()).rejects.toMatchObject({ name: 'StoreWriteError' });
  await log.close();
});
