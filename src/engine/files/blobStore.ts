/** Content that is written but not kept yet. One of `keep` and `discard` must be called. */
export interface StagedBlob {
  /** Of the content, in hexadecimal digits. */
  readonly sha256: string;
  readonly bytes: number;
  /**
   * Keeps the content together with the reference to it that `insert` commits. When `insert` is called, the content can be read by its
   * `sha256`, and survives the end of the process and a power failure. If no reference is committed, because `insert` rejects or
   * returns an earlier result, nothing remains.
   */
  keep<Result>(insert: () => Promise<Result>): Promise<Result>;
  /** Does nothing if the content was kept. */
  discard(): Promise<void>;
}

/** Stores content by its SHA-256: equal content is stored once for all tenants. */
export interface BlobStore {
  /**
   * Writes a content as it arrives. Holds a chunk of it at a time. If `content` throws, nothing remains and this rejects with the
   * same error.
   * @throws {BlobTooLargeError} after `maxBytes`
   */
  stage(content: AsyncIterable<Uint8Array>, maxBytes: number): Promise<StagedBlob>;
  /** The content from `start` (0 by default), in chunks. Iterating throws BlobMissingError if there is none. */
  read(sha256: string, start?: number): AsyncIterable<Uint8Array>;
  /**
   * Removes those of some contents to which no file and no part of an upload refers, and that are not being kept. Reads in progress may
   * fail or go on.
   */
  removeUnreferenced(contents: readonly string[]): Promise<void>;
  /** Removes what processes have left that ended while they wrote or removed content. Returns early once `stopping` is aborted. */
  removeOrphans(stopping: AbortSignal): Promise<void>;
  /** Waits for what is being staged. */
  close(): Promise<void>;
}

/** The content is longer than allowed. */
export class BlobTooLargeError extends Error {
  override readonly name = 'BlobTooLargeError';
  /** Bytes. */
  readonly limit: number;

  constructor(limit: number) {
    super(`The content is longer than ${limit} bytes.`);
    this.limit = limit;
  }
}

/** There is no content with this SHA-256. */
export class BlobMissingError extends Error {
  override readonly name = 'BlobMissingError';

  constructor(sha256: string, options?: ErrorOptions) {
    super(`There is no content with the SHA-256 ${sha256}.`, options);
  }
}
