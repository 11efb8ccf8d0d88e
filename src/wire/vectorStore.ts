import type { RestMetadata } from './page.ts';
import type { RestChunkingStrategy } from './tool.ts';

/** A set of files that is indexed for file search. */
export interface RestVectorStore {
  id: string;
  object: 'vector_store';
  created_at: number;
  name: string | null;
  description?: string | null;
  /** Size of what was indexed. */
  usage_bytes: number;
  file_counts: RestFileCounts;
  status: 'expired' | 'in_progress' | 'completed';
  expires_after?: RestExpiresAfter | null;
  expires_at?: number | null;
  last_active_at: number | null;
  metadata: RestMetadata | null;
}

/** The vector store without what its files and its expiry determine. */
export const withoutFileTotals = <
  VectorStore extends { usage_bytes?: unknown; file_counts?: unknown; status?: unknown },
>(
  vectorStore: VectorStore,
): VectorStore => {
  const copy = { ...vectorStore };
  delete copy.usage_bytes;
  delete copy.file_counts;
  delete copy.status;
  return copy;
};

/** How many files are in each status, and how many there are. */
export interface RestFileCounts {
  in_progress: number;
  completed: number;
  failed: number;
  cancelled: number;
  total: number;
}

/** When a vector store expires. `days` is 1 to 365. */
export interface RestExpiresAfter {
  anchor: 'last_active_at';
  days: number;
}

/** A file in a vector store. Its id is the id of the file. */
export interface RestVectorStoreFile {
  id: string;
  object: 'vector_store.file';
  created_at: number;
  vector_store_id: string;
  status: RestVectorStoreFileStatus;
  usage_bytes: number;
  /** Why the file could not be indexed. */
  last_error: { code: 'server_error' | 'unsupported_file' | 'invalid_file'; message: string } | null;
  attributes?: RestFileAttributes | null;
  /** `other` if the file was indexed before chunking strategies were introduced. */
  chunking_strategy?: Exclude<RestChunkingStrategy, { type: 'auto' }> | { type: 'other' };
}

export type RestVectorStoreFileStatus = 'in_progress' | 'completed' | 'cancelled' | 'failed';

/** Up to 16 pairs, which searches can filter by. */
export type RestFileAttributes = Record<string, string | number | boolean>;

/** Files that were added to a vector store with one request. */
export interface RestVectorStoreFileBatch {
  id: string;
  object: 'vector_store.files_batch';
  created_at: number;
  vector_store_id: string;
  status: RestVectorStoreFileStatus;
  file_counts: RestFileCounts;
}

export interface CreateVectorStoreBody {
  name?: string | undefined;
  description?: string | undefined;
  file_ids?: string[] | undefined;
  chunking_strategy?: RestChunkingStrategy | undefined;
  expires_after?: RestExpiresAfter | undefined;
  metadata?: RestMetadata | null | undefined;
}

/** Null removes the name or the expiry. */
export interface ModifyVectorStoreBody {
  name?: string | null | undefined;
  expires_after?: RestExpiresAfter | null | undefined;
  metadata?: RestMetadata | null | undefined;
}

/** How a file is added to a vector store. */
export interface CreateVectorStoreFileBody {
  file_id: string;
  attributes?: RestFileAttributes | null | undefined;
  chunking_strategy?: RestChunkingStrategy | undefined;
}

/** Either `file_ids`, to which the attributes and the strategy apply alike, or `files`, each with its own. */
export interface CreateVectorStoreFileBatchBody {
  file_ids?: string[] | undefined;
  files?: CreateVectorStoreFileBody[] | undefined;
  attributes?: RestFileAttributes | null | undefined;
  chunking_strategy?: RestChunkingStrategy | undefined;
}
