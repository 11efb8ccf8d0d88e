import { isDeepStrictEqual } from 'node:util';
import type { StoredObject } from '../store/access/imports.ts';
import type { StoredContent } from '../files/heldContents.ts';
import type { ImportedObject, ImportKind } from './kind.ts';
import type { InputOrder } from './listOrder.ts';

/** What became of one object. `problem` is the end of a sentence about it. */
export type ImportOutcome = { kind: string; done: 'imported' | 'identical' } | { problem: string };

/** A valid object of a batch, and what has become of it so far. */
export interface Candidate {
  readonly kind: ImportKind;
  readonly object: ImportedObject;
  /** Of a file; undefined if the input does not have it. */
  readonly content: StoredContent | undefined;
  readonly order: InputOrder;
  outcome: ImportOutcome | undefined;
}

/** The outcome of an object that is left out. */
export const problemWith = ({ kind, object }: Candidate, problem: string): ImportOutcome => ({
  problem: `is ${kind.object} ${object.id}, ${problem}`,
});

const differs = 'which exists and differs; what exists was kept';

const nounOf = ({ kind }: Candidate) => kind.table.replaceAll('_', ' ');

/** The outcome of an object that is written. */
export const imported = (candidate: Candidate): ImportOutcome => ({ kind: nounOf(candidate), done: 'imported' });

const isSame = ({ kind: { compared = (object) => object } }: Candidate, one: ImportedObject, other: ImportedObject) =>
  isDeepStrictEqual(compared(one), compared(other));

/** Whether a content is another one. Without a content there is nothing to compare. */
const isOther = ({ content }: Candidate, sha256: string | null | undefined) =>
  content !== undefined && content.sha256 !== sha256;

const outcomeOf = (candidate: Candidate, same: boolean): ImportOutcome =>
  same ? { kind: nounOf(candidate), done: 'identical' } : problemWith(candidate, differs);

/** The outcome of an object whose key has occurred already, in `before`. */
export const repeated = (candidate: Candidate, before: Candidate): ImportOutcome =>
  outcomeOf(
    candidate,
    isSame(candidate, before.object, candidate.object) && !isOther(candidate, before.content?.sha256),
  );

/** The outcome of an object that is stored already. */
export const repeatedOf = (candidate: Candidate, { json, isOwn, sha256 }: StoredObject): ImportOutcome => {
  const { object } = candidate;
  if (!isOwn) return problemWith(candidate, 'which exists and belongs to another tenant');
  const same = json === JSON.stringify(object) || isSame(candidate, JSON.parse(json), object);
  return outcomeOf(candidate, same && !isOther(candidate, sha256));
};
