import type { RestFile } from '../../../wire/file.ts';
import type { PageRequest, StoredPage } from './page.ts';

/** A file, and the SHA-256 of its content in hexadecimal digits, by which the `BlobStore` reads it. */
export interface StoredFile {
  file: RestFile;
  sha256: string;
}

/** Sums of the sizes of files and of parts of uploads, in bytes. A content that several of them have counts for each. */
export interface StoredBytes {
  /** Of the tenant. */
  tenant: number;
  /** Of all tenants. */
  total: number;
}

export interface FileReads {
  /** Undefined also for files that have expired. */
  get(fileId: string): Promise<StoredFile | undefined>;
  /** Those of the files that `get` finds, in any order. */
  getAll(fileIds: readonly string[]): Promise<StoredFile[]>;
  /** With `purpose`, only the files that have it. */
  list(page: PageRequest, purpose?: string): Promise<StoredPage<RestFile>>;
  storedBytes(): Promise<StoredBytes>;
}

export interface FileWrites extends FileReads {
  /** Reads the sums and locks them until the transaction ends: what is checked against a limit must not grow meanwhile. */
  lockStoredBytes(): Promise<StoredBytes>;
  insert(file: RestFile, sha256: string): Promise<void>;
  /** Locks the vector stores that have the file, removes it from them, and returns the removed file, whose content remains. Undefined if there was none. */
  remove(fileId: string): Promise<StoredFile | undefined>;
}

export interface FileWorkerReads extends FileReads {
  /** Whether a file or a part of an upload has this content. */
  isReferenced(sha256: string): Promise<boolean>;
  /** Ids of files that had expired at `now` (milliseconds), oldest first. */
  expired(now: number, limit: number): Promise<string[]>;
}

export interface FileWorkerWrites extends FileWrites, FileWorkerReads {}
