import type { RestRun } from '../../wire/run.ts';
import type { ImportTable, ImportWrites, StoredObject } from '../store/access/imports.ts';
import { type Candidate, imported, type ImportOutcome, problemWith, repeated, repeatedOf } from './candidate.ts';
import { checkedObject } from './check.ts';
import { checkContents } from './contents.ts';
import type { StoredContent } from '../files/heldContents.ts';
import type { ImportTarget } from './importTarget.ts';
import { type ImportedObject, type ImportKind, keyOf } from './kind.ts';
import { importKinds } from './kinds.ts';
import { type InputOrder, ListOrder } from './listOrder.ts';
import { checkParents, checkRoom } from './parents.ts';
import { rowOf } from './rows.ts';

/** A value of the input, and the order of the list that it was read from. */
export interface ImportInput {
  readonly value: unknown;
  /** Of a file, if the input has it. */
  readonly content?: StoredContent | undefined;
  readonly order: InputOrder;
}

/** Imports the objects of one input, in its order, batch by batch. */
export class Importer {
  readonly #listOrder = new ListOrder();

  /** Imports a batch in the transaction of `target`. Returns what became of each object. */
  async add(target: ImportTarget, inputs: readonly ImportInput[]): Promise<ImportOutcome[]> {
    const checked = inputs.map(({ value, order, content }): Candidate | { problem: string } => {
      const result = checkedObject(value);
      return 'problem' in result ? result : { ...result, order, content, outcome: undefined };
    });
    const candidates = checked.filter((each) => 'kind' in each);
    for (const kind of importKinds) {
      const ofKind = candidates.filter((candidate) => candidate.kind === kind);
      if (ofKind.length > 0) await this.#addKind(target, kind, ofKind);
    }
    for (const { kind, object, order, outcome } of candidates) {
      if (kind.table === 'threads' || outcome === undefined || 'problem' in outcome) continue;
      const [parent] = kind.parents ?? [];
      const parentId = parent === undefined ? '' : String(object[parent.member]);
      const member = { table: kind.table, parentId, id: object.id, time: object.created_at };
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

  async #addKind(target: ImportTarget, kind: ImportKind, candidates: Candidate[]): Promise<void> {
    const { table, parents = [] } = kind;
    const stored = await storedOf(
      target.imports,
      table,
      candidates.map(({ object }) => object),
    );
    const fresh = new Map<string, Candidate>();
    for (const candidate of candidates) {
      const { object } = candidate;
      const key = keyOf(kind, object);
      const before = fresh.get(key);
      const known = stored.get(key);
      if (before !== undefined) candidate.outcome = repeated(candidate, before);
      else if (known === undefined) fresh.set(key, candidate);
      else if (table === 'threads' && known.isOwn && known.isPlaceholder) {
        await target.imports.replacePlaceholder(rowOf.threads(candidate, JSON.stringify(object)));
        stored.set(key, { ...known, json: JSON.stringify(object), isPlaceholder: false });
        candidate.outcome = imported(candidate);
      } else candidate.outcome = repeatedOf(candidate, known);
    }
    for (const parent of parents) await checkParents(target, parent, fresh);
    if (table === 'files') checkContents(fresh);
    if (table === 'messages') await checkRoom(target, fresh);
    await this.#insert(target, table, [...fresh.values()]);
  }

  async #insert(target: ImportTarget, table: ImportTable, candidates: Candidate[]): Promise<void> {
    const rows = candidates.map((candidate) => rowOf[table](candidate, JSON.stringify(candidate.object)));
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

/** What exists of the objects, by their keys. */
const storedOf = (
  imports: ImportWrites,
  table: ImportTable,
  objects: ImportedObject[],
): Promise<Map<string, StoredObject>> =>
  table === 'vector_store_files'
    ? imports.existingStoreFiles(
        objects.map(({ id, vector_store_id: storeId }) => ({ vectorStoreId: String(storeId), fileId: id })),
      )
    : imports.existing(
        table,
        objects.map(({ id }) => id),
      );
