import { isDeepStrictEqual } from 'node:util';
import type { RestRun } from '../../wire/run.ts';
import type { ImportTable } from '../store/access/imports.ts';
import { type Candidate, imported, type ImportOutcome, problemWith, repeated, repeatedOf } from './candidate.ts';
import { checkedObject } from './check.ts';
import type { ImportTarget } from './importTarget.ts';
import type { ImportedObject, ImportKind } from './kind.ts';
import { importKinds } from './kinds.ts';
import { type InputOrder, ListOrder } from './listOrder.ts';
import { checkParents, checkRoom } from './parents.ts';
import { rowOf } from './rows.ts';

/** A value of the input, and the order of the list that it was read from. */
export interface ImportInput {
  readonly value: unknown;
  readonly order: InputOrder;
}

/** Imports the objects of one input, in its order, batch by batch. */
export class Importer {
  readonly #listOrder = new ListOrder();

  /** Imports a batch in the transaction of `target`. Returns what became of each object. */
  async add(target: ImportTarget, inputs: readonly ImportInput[]): Promise<ImportOutcome[]> {
    const checked = inputs.map(({ value, order }): Candidate | { problem: string } => {
      const result = checkedObject(value);
      return 'problem' in result ? result : { ...result, order, outcome: undefined };
    });
    const candidates = checked.filter((each) => 'kind' in each);
    for (const kind of importKinds) {
      const ofKind = candidates.filter((candidate) => candidate.kind === kind);
      if (ofKind.length > 0) await this.#addKind(target, kind, ofKind);
    }
    for (const { kind, object, order, outcome } of candidates) {
      if (kind.table === 'threads' || outcome === undefined || 'problem' in outcome) continue;
      const list = kind.parent === undefined ? '' : String(object[kind.parent.member]);
      const member = { table: kind.table, list, id: object.id, time: object.created_at };
      await this.#listOrder.add(target.imports, member, order);
    }
    return checked.map((each) =>
      'kind' in each ? (each.outcome ?? problemWith(each, 'which was not imported')) : { problem: each.problem },
    );
  }

  /** Ends the input: lists that are still open get their order. */
  async end(target: ImportTarget): Promise<void> {
    await this.#listOrder.end(target.imports);
  }

  async #addKind(target: ImportTarget, { table, parent }: ImportKind, candidates: Candidate[]): Promise<void> {
    const stored = await target.imports.existing(
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
        await target.imports.replacePlaceholder(rowOf.threads(object, JSON.stringify(object)));
        stored.set(object.id, { ...known, json: JSON.stringify(object), isPlaceholder: false });
        candidate.outcome = imported(candidate);
      } else candidate.outcome = repeatedOf(candidate, known);
    }
    if (parent !== undefined) await checkParents(target, parent, fresh);
    if (table === 'messages') await checkRoom(target, fresh);
    await this.#insert(target, table, [...fresh.values()]);
  }

  async #insert(target: ImportTarget, table: ImportTable, candidates: Candidate[]): Promise<void> {
    const rows = candidates.map(({ object }) => rowOf[table](object, JSON.stringify(object)));
    await target.imports.insert(table, rows);
    for (const candidate of candidates) {
      // A run without a model has no usage either: other servers omit both.
      if (table === 'runs' && typeof candidate.object['model'] === 'string') {
        await target.threadUsage.add({ usage: null, ...candidate.object } as RestRun & ImportedObject);
      }
      candidate.outcome = imported(candidate);
    }
  }
}
