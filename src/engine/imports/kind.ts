import { z } from 'zod';
import type { ImportTable } from '../store/access/imports.ts';

/** An object to import, which `checkedObject` has checked. Members that its schema does not name are kept as they are. */
export type ImportedObject = { id: string; created_at: number; usage?: unknown } & Record<string, unknown>;

/** One kind of object that can be imported. */
export interface ImportKind {
  /** The value of `object`. */
  readonly object: string;
  readonly table: ImportTable;
  /** What the engine relies on. */
  readonly schema: z.ZodType;
  /** The table of the object that this one belongs to, and the member that has its id. */
  readonly parent?: { readonly table: 'threads' | 'runs'; readonly member: 'thread_id' | 'run_id' };
  /** The object as it is stored: one that was in progress has ended, since nothing continues it. By default as it is. */
  readonly stored?: (object: ImportedObject) => ImportedObject;
}

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
