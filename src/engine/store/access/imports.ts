import type { RestMetadata } from '../../../wire/page.ts';

/** The tables of objects that can be imported. */
export type ImportTable = 'assistants' | 'threads' | 'messages' | 'runs' | 'steps';

/** Tables whose lists are in the order of insertion. */
export type OrderedTable = Exclude<ImportTable, 'threads'>;

/** An object that exists, of any tenant. `json` is the object. */
export interface StoredObject {
  json: string;
  isOwn: boolean;
  isPlaceholder: boolean;
}

/** A row to insert. `json` is the object; times are in seconds, but `expiresAt` in milliseconds. */
export interface NewRows {
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
  existing(table: ImportTable, ids: string[]): Promise<Map<string, StoredObject>>;
  /** How many messages the threads have, by id. */
  messageCounts(threadIds: string[]): Promise<Map<string, number>>;
  /** Appends the rows, in their order. */
  insert<Table extends ImportTable>(table: Table, rows: NewRows[Table][]): Promise<void>;
  /** Sets the object of a thread that was a placeholder. */
  replacePlaceholder(thread: NewRows['threads']): Promise<void>;
  /** Gives objects of one list the places that they have among themselves, in the order of `ids`. */
  order(table: OrderedTable, ids: string[]): Promise<void>;
}
