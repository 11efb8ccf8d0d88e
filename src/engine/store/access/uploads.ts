import type { RestUpload } from '../../../wire/upload.ts';

/** An upload, and the lifetime that its file will have. */
export interface StoredUpload {
  upload: RestUpload;
  expiresAfterSeconds: number | undefined;
}

/** A part of an upload, and its content as in StoredFile. */
export interface StoredPart {
  id: string;
  sha256: string;
  bytes: number;
}

export interface UploadReads {
  get(uploadId: string): Promise<StoredUpload | undefined>;
  /** In the order in which they were added. */
  parts(uploadId: string): Promise<StoredPart[]>;
  countParts(uploadId: string): Promise<number>;
}

export interface UploadWrites extends UploadReads {
  insert(upload: StoredUpload): Promise<void>;
  /** Reads the upload and locks it, with its parts, until the transaction ends. A transaction locks it before it locks the usage of files. */
  lock(uploadId: string): Promise<StoredUpload | undefined>;
  /** The upload has to be locked. */
  insertPart(uploadId: string, part: StoredPart): Promise<void>;
  /** Updates an upload, which has to be locked, that is not pending any more, and removes its parts. Returns the SHA-256 of their contents, which remain. */
  end(upload: RestUpload): Promise<string[]>;
}

export interface UploadWorkerReads extends UploadReads {
  /** Ids of pending uploads that had expired at `now` (milliseconds), oldest first. */
  expired(now: number, limit: number): Promise<string[]>;
}

export interface UploadWorkerWrites extends UploadWrites, UploadWorkerReads {}
