import { createHash } from 'node:crypto';
import type { Pool } from 'pg';
import { type BlobStore, BlobMissingError, BlobTooLargeError, type StagedBlob } from './blobStore.ts';
import { equalChunks } from './equalChunks.ts';
import { postgresContents } from './postgresContents.ts';

/** Bytes of a row. `pg` reads them as text: of larger rows, more memory waits to be collected. */
const chunkBytes = 64 * 1024;

/** Milliseconds after which the process shows again that it is alive: a fraction of the time after which it is taken for ended. */
const holdIntervalMs = 60_000;

/**
 * The contents of files in a PostgreSQL database, which any number of processes may use at once. No connection is held between two chunks.
 * A content is durable once it is kept, like anything that is committed. What a process was writing when it ended is removed by others.
 */
export const postgresBlobStore = (pool: Pool): BlobStore => {
  const contents = postgresContents(pool);
  const held = new Set<number>();
  const active = new Set<Promise<unknown>>();

  let holding: Promise<void> | undefined;
  const timer = setInterval(() => {
    if (held.size === 0) return;
    holding ??= contents
      .hold([...held])
      .catch(() => undefined) // Tried again soon; if that is too late, keeping the content fails.
      .finally(() => {
        holding = undefined;
      });
  }, holdIntervalMs).unref();

  const write = async (id: number, content: AsyncIterable<Uint8Array>, maxBytes: number) => {
    const hash = createHash('sha256');
    let [bytes, position] = [0, 0];
    const counted = async function* () {
      for await (const part of content) {
        bytes += part.byteLength;
        if (bytes > maxBytes) throw new BlobTooLargeError(maxBytes);
        hash.update(part);
        yield part;
      }
    };
    for await (const chunk of equalChunks(counted(), chunkBytes)) {
      await contents.append(id, position, chunk);
      position += 1;
    }
    return { sha256: hash.digest('hex'), bytes };
  };

  const stage = async (content: AsyncIterable<Uint8Array>, maxBytes: number): Promise<StagedBlob> => {
    const id = await contents.begin();
    held.add(id);
    const discard = async () => {
      if (held.delete(id)) await contents.discard(id);
    };
    try {
      const { sha256, bytes } = await write(id, content, maxBytes);
      return {
        sha256,
        bytes,
        keep: async (insert) => {
          try {
            await contents.keep(id, sha256, bytes);
            return await insert();
          } finally {
            held.delete(id);
            // What cannot be removed now is removed by a sweep.
            await contents.release(id, sha256).catch(() => undefined);
          }
        },
        discard,
      };
    } catch (error) {
      await discard().catch(() => undefined);
      throw error;
    }
  };

  return {
    stage: (content, maxBytes) => {
      const staged = stage(content, maxBytes);
      const settled = staged.then(
        () => undefined,
        () => undefined,
      );
      active.add(settled);
      void settled.then(() => active.delete(settled));
      return staged;
    },

    read: async function* (sha256, start = 0) {
      const content = await contents.find(sha256);
      if (content === undefined) throw new BlobMissingError(sha256);
      for (let at = start; at < content.bytes; ) {
        const position = Math.floor(at / chunkBytes);
        const chunk = await contents.chunk(content.id, position);
        if (chunk === undefined) throw new BlobMissingError(sha256); // Removed meanwhile.
        yield chunk.subarray(at - position * chunkBytes);
        at = (position + 1) * chunkBytes;
      }
    },

    removeUnreferenced: async (removed) => {
      for (const sha256 of new Set(removed)) await contents.removeUnreferenced(sha256);
    },

    removeOrphans: async (stopping) => {
      while (!stopping.aborted && (await contents.sweepHeld()));
      for (let after = ''; !stopping.aborted; ) {
        const orphans = await contents.orphansAfter(after);
        for (const sha256 of orphans) await contents.removeUnreferenced(sha256);
        const last = orphans.at(-1);
        if (last === undefined) return;
        after = last;
      }
    },

    close: async () => {
      clearInterval(timer);
      await Promise.all(active);
      await holding;
    },
  };
};
