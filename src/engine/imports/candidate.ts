import { isDeepStrictEqual } from 'node:util';
import type { StoredObject } from '../store/access/imports.ts';
import type { ImportedObject, ImportKind } from './kind.ts';
import type { InputOrder } from './listOrder.ts';

/** What became of one object. `problem` is the end of a sentence about it. */
export type ImportOutcome = { kind: string; done: 'imported' | 'identical' } | { problem: string };

/** A valid object of a batch, and what has become of it so far. */
export interface Candidate {
  readonly kind: ImportKind;
  readonly object: ImportedObject;
  readonly order: InputOrder;
  outcome: ImportOutcome | undefined;
}

/** The outcome of an object that is left out. */
export const problemWith = ({ kind, object }: Candidate, problem: string): ImportOutcome => ({
  problem: `is ${kind.object} ${object.id}, ${problem}`,
});

const differs = 'which exists and differs; what exists was kept';

const isSame = (json: string, object: ImportedObject) =>
  json === JSON.stringify(object) || isDeepStrictEqual(JSON.parse(json), object);

/** The outcome of an object that is written. */
export const imported = ({ kind }: Candidate): ImportOutcome => ({ kind: kind.table, done: 'imported' });

/** The outcome of an object whose id has occurred already. */
export const repeated = (candidate: Candidate, same: boolean): ImportOutcome =>
  same ? { kind: candidate.kind.table, done: 'identical' } : problemWith(candidate, differs);

/** The outcome of an object that is stored already. */
export const repeatedOf = (candidate: Candidate, { json, isOwn }: StoredObject): ImportOutcome =>
  isOwn
    ? repeated(candidate, isSame(json, candidate.object))
    : problemWith(candidate, 'which exists and belongs to another tenant');
