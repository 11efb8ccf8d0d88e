import type { BlobStore } from './blobStore.ts';

/** In bytes. */
export interface FileLimits {
  /** Of one file. */
  readonly file: number;
  /** Of one file that is uploaded in parts. */
  readonly upload: number;
  /** Of all files of a tenant. */
  readonly tenant: number;
  /** Of all files of all tenants. */
  readonly total: number;
}

/** What creating, reading and deleting files needs, in addition to the store of a tenant. */
export interface FileDependencies {
  readonly blobs: BlobStore;
  readonly limits: FileLimits;
  /** The size of what is being staged, for all tenants together. */
  readonly staging: { bytes: number };
}
