import { z } from 'zod';
import { type ImportTable, storeFileKey } from '../store/access/imports.ts';

/** An object to import, which `checkedObject` has checked. Members that its schema does not name are kept as they are. */
export type ImportedObject = { id: string; created_at: number; usage?: unknown; status?: unknown } & Record<
  string,
  unknown
>;

/** The table of an object that another one belongs to, and the member of the other one that has its id. */
export interface ImportParent {
  readonly table: 'threads' | 'runs' | 'vector_stores' | 'files';
  readonly member: 'thread_id' | 'run_id' | 'vector_store_id' | 'id';
  /** What it is called in messages. */
  readonly noun: string;
}

/** One kind of object that can be imported. */
export interface ImportKind {
  /** The value of `object`. */
  readonly object: string;
  readonly table: ImportTable;
  /** What the engine relies on. */
  readonly schema: z.ZodType;
  /** What the object belongs to; the first one has the list that it is in. By default nothing. */
  readonly parents?: readonly ImportParent[];
  /** The object as it is stored: one that was in progress has ended, since nothing continues it. By default as it is. */
  readonly stored?: (object: ImportedObject) => ImportedObject;
  /** The object without what may differ in an object that is the same. By default all of it. */
  readonly compared?: (object: ImportedObject) => ImportedObject;
}

/** What identifies an object among those of its kind. A file may be in several vector stores. */
export const keyOf = ({ table }: ImportKind, { id, vector_store_id: storeId }: ImportedObject): string =>
  table === 'vector_store_files' ? storeFileKey({ vectorStoreId: String(storeId), fileId: id }) : id;

/** Ids of any server. Longer ones could not be sent in a path. */
export const importedId = z.string().min(1).max(512);

/** Unix time in seconds; of some servers in milliseconds, or null if it is not known. */
export const importedTime = z.number().nonnegative().nullish();

const importedMetadata = z.record(z.string(), z.string()).nullish();

/** The members that every object has. */
export const base = { id: importedId, created_at: z.number().nonnegative(), metadata: importedMetadata };

/** From this number on, a time is in milliseconds: as seconds it would be in the year 5138. */
const firstInMilliseconds = 100_000_000_000;

/** Whole seconds. */
export const secondsOf = (time: number): number => Math.floor(time < firstInMilliseconds ? time : time / 1000);
