/** Content that is written but not kept yet. One of `keep` and `discard` must be called. */
export interface StagedBlob {
  /** Of the content, in hexadecimal digits. */
  readonly sha256: string;
  readonly bytes: number;
  /**
   * Makes the content readable by its `sha256`. Once it resolves, the content survives the end of the process and a power failure.
   * Only within `withContent` of the same `sha256`: a removal of the same content must not happen between this and the reference.
   */
  keep(): Promise<void>;
  discard(): Promise<void>;
}

/** Stores content by its SHA-256: equal content is stored once. It knows no tenants and no references. */
export interface BlobStore {
  /**
   * Writes a content as it arrives. Holds a chunk of it at a time. If `content` throws, nothing remains and this rejects with the
   * same error.
   * @throws {BlobTooLargeError} after `maxBytes`
   */
  stage(content: AsyncIterable<Uint8Array>, maxBytes: number): Promise<StagedBlob>;
  /** The content from `start` (0 by default), in chunks. Iterating throws BlobMissingError if there is none. */
  read(sha256: string, start?: number): AsyncIterable<Uint8Array>;
  /** Does nothing if there is no such content. Reads in progress may fail or go on. */
  remove(sha256: string): Promise<void>;
  /** The `sha256` of every content that is kept, in any order. */
  list(): AsyncIterable<string>;
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
