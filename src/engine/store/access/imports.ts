import type { RestMetadata } from '../../../wire/page.ts';

/** The tables of objects that can be imported. */
export type ImportTable =
  | 'files'
  | 'vector_stores'
  | 'vector_store_files'
  | 'assistants'
  | 'threads'
  | 'messages'
  | 'runs'
  | 'steps';

/** Tables whose lists are in the order of insertion. */
export type OrderedTable = Exclude<ImportTable, 'threads'>;

/** What identifies a file in a vector store. */
export interface StoreFileId {
  vectorStoreId: string;
  fileId: string;
}

/** An unambiguous text for any characters. */
export const storeFileKey = ({ vectorStoreId, fileId }: StoreFileId): string => JSON.stringify([vectorStoreId, fileId]);

/** An object that exists, of any tenant. `json` is the object. */
export interface StoredObject {
  json: string;
  isOwn: boolean;
  isPlaceholder: boolean;
  /** Of the content, in hexadecimal digits; null if the object is not a file. */
  sha256: string | null;
}

/** A row to insert. `json` is the object; times are in seconds, but `expiresAt` of runs and `workAfter` in milliseconds. */
export interface NewRows {
  files: { id: string; json: string; purpose: string; sha256: string; bytes: number; expiresAt: number | null };
  vector_stores: { id: string; json: string; expiresAt: number | null };
  /** `workAfter` is null if the file need not be indexed. */
  vector_store_files: {
    vectorStoreId: string;
    fileId: string;
    json: string;
    status: string;
    usageBytes: number;
    workAfter: number | null;
  };
  /** `settings` are its ModelSettings as JSON. */
  assistants: { id: string; json: string; settings: string };
  threads: { id: string; json: string; createdAt: number; metadata: RestMetadata | null; isPlaceholder: boolean };
  messages: { id: string; json: string; threadId: string; runId: string | null };
  runs: {
    id: string;
    json: string;
    threadId: string;
    status: string;
    createdAt: number;
    expiresAt: number;
    progress: string;
  };
  steps: { id: string; json: string; runId: string };
}

/** Statements for many objects at once, as imports need them. Callers check that the parents are the tenant's. */
export interface ImportWrites {
  /** Those of the ids that exist, of any tenant. */
  existing(table: Exclude<ImportTable, 'vector_store_files'>, ids: string[]): Promise<Map<string, StoredObject>>;
  /** Those of the files in vector stores that exist, of any tenant, by `storeFileKey`. */
  existingStoreFiles(ids: StoreFileId[]): Promise<Map<string, StoredObject>>;
  /** How many messages the threads have, by id. */
  messageCounts(threadIds: string[]): Promise<Map<string, number>>;
  /** Appends the rows, in their order. */
  insert<Table extends ImportTable>(table: Table, rows: NewRows[Table][]): Promise<void>;
  /** Sets the object of a thread that was a placeholder. */
  replacePlaceholder(thread: NewRows['threads']): Promise<void>;
  /** Gives objects of one list the places that they have among themselves, in the order of `ids`. `parentId` is whose list it is. */
  order(table: OrderedTable, parentId: string, ids: string[]): Promise<void>;
}
