import type { BlobStore, StagedBlob } from './blobStore.ts';

/** A content that is stored. */
export interface StoredContent {
  /** In hexadecimal digits. */
  readonly sha256: string;
  /** Its size. */
  readonly bytes: number;
}

/**
 * Contents that are stored before the transactions that refer to them, each of which may refer to many. They are held until `release`; those
 * to which nothing refers then are removed.
 */
export class HeldContents {
  readonly #blobs: BlobStore;
  /** What releases each content, by its SHA-256. */
  readonly #held = new Map<string, () => void>();
  #releases: Promise<void>[] = [];

  constructor(blobs: BlobStore) {
    this.#blobs = blobs;
  }

  /** Stores a content as it is read. Rejects with the error of `content` if that throws, and then nothing is stored. */
  async store(content: AsyncIterable<Uint8Array>): Promise<StoredContent> {
    const staged = await this.#blobs.stage(content, Number.MAX_SAFE_INTEGER);
    const { sha256, bytes } = staged;
    if (this.#held.has(sha256)) await staged.discard();
    else await this.#hold(staged);
    return { sha256, bytes };
  }

  /** Resolves when the content is kept. */
  #hold(staged: StagedBlob): Promise<void> {
    return new Promise((resolve, reject) => {
      const kept = staged.keep(() => {
        resolve();
        return new Promise<void>((release) => {
          this.#held.set(staged.sha256, release);
        });
      });
      this.#releases.push(kept.catch(reject));
    });
  }

  /** To be called after the transactions. What cannot be removed now is removed by a server. */
  async release(): Promise<void> {
    const releases = this.#releases;
    this.#releases = [];
    for (const release of this.#held.values()) release();
    this.#held.clear();
    await Promise.all(releases);
  }
}
