import { createHash, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { toStreamingFile } from 'openai';
import { expect, test } from 'vitest';
import { type RunningServer, startServer } from '../support/server.ts';
import { newDataPath } from './dataFiles.ts';
import { endHolds, sdkAt, storedIn } from './filesWorld.ts';
import { storeSettings } from './openEngine.ts';

const MIB = 1024 ** 2;

/** The memory of a process, in bytes. */
const memoryOf = ({ pid }: RunningServer) => {
  const [, kilobytes] = /VmRSS:\s+(\d+) kB/u.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Number(kilobytes) * 1024;
};

/** Chunks of a file of `mebibytes`. */
async function* textChunks(mebibytes: number, chunk: Buffer) {
  for (let count = 0; count < mebibytes; count += 1) yield chunk;
}

/** What `work` returns, and by how much the memory of the server was larger meanwhile. */
const memoryDuring = async <Result>(server: RunningServer, work: () => Promise<Result>) => {
  const before = memoryOf(server);
  let most = before;
  const timer = setInterval(() => {
    most = Math.max(most, memoryOf(server));
  }, 20);
  try {
    return { result: await work(), growth: most - before };
  } finally {
    clearInterval(timer);
  }
};

test('a file of 200 MiB is uploaded and downloaded with less than 80 MiB of memory', async () => {
  const dataPath = newDataPath();
  const server = await startServer(await storeSettings(dataPath));
  const sdk = sdkAt(server.url);
  const chunk = randomBytes(MIB);
  const hash = createHash('sha256');
  for await (const each of textChunks(200, chunk)) hash.update(each);
  const sha256 = hash.digest('hex');

  const upload = await memoryDuring(server, () =>
    sdk.files.create({ file: toStreamingFile(textChunks(200, chunk), 'big.bin'), purpose: 'user_data' }),
  );
  expect(upload.result.bytes).toBe(200 * MIB);
  expect(upload.growth).toBeLessThan(80 * MIB);
  expect(await storedIn(dataPath)).toEqual([sha256]);

  const download = await memoryDuring(server, async () => {
    const received = createHash('sha256');
    const { body } = await sdk.files.content(upload.result.id);
    for await (const piece of body ?? []) received.update(piece);
    return received.digest('hex');
  });
  expect(download.result).toBe(sha256);
  expect(download.growth).toBeLessThan(80 * MIB);
  await server.stop();
}, 120_000);

test('kill -9 during uploads loses nothing acknowledged, and leaves nothing else', async () => {
  const dataPath = newDataPath();
  const server = await startServer(await storeSettings(dataPath));
  const acknowledged = new Map<string, string>();
  /** Uploads, deletes and uploads again until the server is gone. */
  const work = async (name: string) => {
    const sdk = sdkAt(server.url);
    try {
      for (let round = 0; ; round += 1) {
        const text = `${name} ${round % 5}`.repeat(20_000);
        const { id } = await sdk.files.create({ file: new File([text], name), purpose: 'assistants' });
        acknowledged.set(id, text);
        if (round % 3 === 0) {
          acknowledged.delete(id);
          await sdk.files.delete(id);
        }
      }
    } catch {
      // Killed.
    }
  };
  const endless = toStreamingFile(textChunks(100_000, Buffer.alloc(MIB / 16)), 'endless.bin');
  const workers = [
    ...['a', 'b', 'c', 'd'].map(work),
    sdkAt(server.url)
      .files.create({ file: endless, purpose: 'assistants' })
      .then(
        () => undefined,
        () => undefined,
      ),
  ];
  await expect.poll(() => acknowledged.size, { timeout: 60_000, interval: 5 }).toBeGreaterThan(30);
  await server.kill9();
  await Promise.all(workers);
  await endHolds(dataPath);

  const next = await startServer(await storeSettings(dataPath));
  const sdk = sdkAt(next.url);
  const listed = (await sdk.files.list()).data;
  const ids = new Set(listed.map(({ id }) => id));
  expect([...acknowledged.keys()].filter((id) => !ids.has(id))).toEqual([]);
  const hashes = new Set<string>();
  for (const { id, bytes } of listed) {
    const text = await (await sdk.files.content(id)).text();
    expect(text).toHaveLength(bytes);
    expect(text).toBe(acknowledged.get(id) ?? text);
    hashes.add(createHash('sha256').update(text).digest('hex'));
  }
  await expect.poll(() => storedIn(dataPath), { timeout: 10_000 }).toHaveLength(hashes.size);
  expect(new Set(await storedIn(dataPath))).toEqual(hashes);
  await next.stop();
}, 150_000);
