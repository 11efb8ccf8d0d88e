import { isDeepStrictEqual } from 'node:util';
import type { RestRun } from '../../wire/run.ts';
import { threadMessageLimit } from '../messages.ts';
import type { ImportTable, StoredObject } from '../store/imports.ts';
import type { StoreWrites } from '../store/store.ts';
import { checkedObject } from './check.ts';
import type { ImportedObject, ImportKind } from './kind.ts';
import { importKinds } from './kinds.ts';
import { type InputOrder, ListOrder } from './listOrder.ts';
import { placeholderOf, rowOf } from './rows.ts';

/** What became of one object. `problem` is the end of a sentence about it. */
export type ImportOutcome = { kind: string; done: 'imported' | 'identical' } | { problem: string };

/** A value of the input, and the order of the list that it was read from. */
export interface ImportInput {
  readonly value: unknown;
  readonly order: InputOrder;
}

interface Candidate {
  readonly kind: ImportKind;
  readonly object: ImportedObject;
  readonly order: InputOrder;
  outcome: ImportOutcome | undefined;
}

const problemWith = ({ kind, object }: Candidate, problem: string): ImportOutcome => ({
  problem: `is ${kind.object} ${object.id}, ${problem}`,
});

const differs = 'which exists and differs; what exists was kept';

const isSame = (json: string, object: ImportedObject) =>
  json === JSON.stringify(object) || isDeepStrictEqual(JSON.parse(json), object);

/** Imports the objects of one input, in its order, batch by batch. */
export class Importer {
  readonly #listOrder = new ListOrder();

  /** Imports a batch in the transaction of `writes`. Returns what became of each object. */
  async add(writes: StoreWrites, inputs: readonly ImportInput[]): Promise<ImportOutcome[]> {
    const checked = inputs.map(({ value, order }): Candidate | { problem: string } => {
      const result = checkedObject(value);
      return 'problem' in result ? result : { ...result, order, outcome: undefined };
    });
    const candidates = checked.filter((each) => 'kind' in each);
    for (const kind of importKinds) {
      const ofKind = candidates.filter((candidate) => candidate.kind === kind);
      if (ofKind.length > 0) await this.#addKind(writes, kind, ofKind);
    }
    for (const { kind, object, order, outcome } of candidates) {
      if (kind.table === 'threads' || outcome === undefined || 'problem' in outcome) continue;
      const list = kind.parent === undefined ? '' : String(object[kind.parent.member]);
      const member = { table: kind.table, list, id: object.id, time: object.created_at };
      await this.#listOrder.add(writes.imports, member, order);
    }
    return checked.map((each) =>
      'kind' in each ? (each.outcome ?? problemWith(each, 'which was not imported')) : { problem: each.problem },
    );
  }

  /** Ends the input: the last list gets its order. */
  async end(writes: StoreWrites): Promise<void> {
    await this.#listOrder.end(writes.imports);
  }

  async #addKind(writes: StoreWrites, { table, parent }: ImportKind, candidates: Candidate[]): Promise<void> {
    const stored = await writes.imports.existing(
      table,
      candidates.map(({ object }) => object.id),
    );
    const fresh = new Map<string, Candidate>();
    for (const candidate of candidates) {
      const { object } = candidate;
      const before = fresh.get(object.id);
      const known = stored.get(object.id);
      if (before !== undefined) candidate.outcome = repeated(candidate, isDeepStrictEqual(before.object, object));
      else if (known === undefined) fresh.set(object.id, candidate);
      else if (table === 'threads' && known.isOwn && known.isPlaceholder) {
        await writes.imports.replacePlaceholder(rowOf.threads(object, JSON.stringify(object)));
        stored.set(object.id, { ...known, json: JSON.stringify(object), isPlaceholder: false });
        candidate.outcome = imported(candidate);
      } else candidate.outcome = repeatedOf(candidate, known);
    }
    if (parent !== undefined) await this.#checkParents(writes, parent, fresh);
    if (table === 'messages') await checkRoom(writes, fresh);
    await this.#insert(writes, table, [...fresh.values()]);
  }

  /** Leaves out objects without a parent. A missing thread is created: dumps of messages often lack it. */
  async #checkParents(
    writes: StoreWrites,
    { table, member }: NonNullable<ImportKind['parent']>,
    fresh: Map<string, Candidate>,
  ): Promise<void> {
    const children = new Map<string, Candidate[]>();
    for (const candidate of fresh.values()) {
      const parentId = String(candidate.object[member]);
      const siblings = children.get(parentId);
      if (siblings === undefined) children.set(parentId, [candidate]);
      else siblings.push(candidate);
    }
    const parents = await writes.imports.existing(table, [...children.keys()]);
    for (const [parentId, siblings] of children) {
      const owner = parents.get(parentId);
      if (owner?.isOwn === true) continue;
      if (owner === undefined && table === 'threads') {
        const placeholder = placeholderOf(
          parentId,
          siblings.map(({ object }) => object),
        );
        await writes.imports.insert('threads', [placeholder]);
        continue;
      }
      const problem =
        owner === undefined
          ? `but there is no run ${parentId}; import the runs before their steps`
          : `but ${member} ${parentId} belongs to another tenant`;
      for (const candidate of siblings) {
        candidate.outcome = problemWith(candidate, problem);
        fresh.delete(candidate.object.id);
      }
    }
  }

  async #insert(writes: StoreWrites, table: ImportTable, candidates: Candidate[]): Promise<void> {
    const rows = candidates.map(({ object }) => rowOf[table](object, JSON.stringify(object)));
    await writes.imports.insert(table, rows);
    for (const candidate of candidates) {
      // A run without a model has no usage either: other servers omit both.
      if (table === 'runs' && typeof candidate.object['model'] === 'string') {
        await writes.threadUsage.add({ usage: null, ...candidate.object } as RestRun & ImportedObject);
      }
      candidate.outcome = imported(candidate);
    }
  }
}

const imported = ({ kind }: Candidate): ImportOutcome => ({ kind: kind.table, done: 'imported' });

const repeated = (candidate: Candidate, same: boolean): ImportOutcome =>
  same ? { kind: candidate.kind.table, done: 'identical' } : problemWith(candidate, differs);

const repeatedOf = (candidate: Candidate, { json, isOwn }: StoredObject): ImportOutcome =>
  isOwn
    ? repeated(candidate, isSame(json, candidate.object))
    : problemWith(candidate, 'which exists and belongs to another tenant');

/** Leaves out messages of threads that hold as many as they can. */
const checkRoom = async (writes: StoreWrites, fresh: Map<string, Candidate>): Promise<void> => {
  const threadOf = ({ object }: Candidate) => String(object['thread_id']);
  const counts = await writes.imports.messageCounts([...new Set([...fresh.values()].map(threadOf))]);
  for (const candidate of fresh.values()) {
    const threadId = threadOf(candidate);
    const count = (counts.get(threadId) ?? 0) + 1;
    counts.set(threadId, count);
    if (count <= threadMessageLimit) continue;
    candidate.outcome = problemWith(candidate, `but thread ${threadId} holds ${threadMessageLimit} messages already`);
    fresh.delete(candidate.object.id);
  }
};
