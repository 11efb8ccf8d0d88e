import { openSqliteStore } from '../store/sqlite/sqliteStore.ts';
import { removeDeletedThreads } from '../threadRemoval.ts';
import type { Tenant } from '../tenant.ts';
import type { WorkerWrites } from '../store/store.ts';
import type { ImportOutcome } from './candidate.ts';
import type { ImportTarget } from './importTarget.ts';
import { Importer, type ImportInput } from './importer.ts';

/** Imports a batch of objects. */
export type AddBatch = (inputs: readonly ImportInput[]) => Promise<ImportOutcome[]>;

/** A data file that nothing else has open, to import objects of one tenant into. */
export interface ImportedDataFile {
  /** Each batch is a transaction: what was added is durable once `add` has resolved. */
  inBatches<Result>(work: (add: AddBatch) => Promise<Result>): Promise<Result>;
  /** Everything is one transaction: if `work` rejects, nothing is written, and this rejects with the same error. */
  atOnce<Result>(work: (add: AddBatch) => Promise<Result>): Promise<Result>;
  close(): Promise<void>;
}

/**
 * Opens the data file of an engine, which is created or migrated if needed.
 * @throws {StoreUnavailableError} if a server is using it, or it cannot be used
 */
export const openImportedDataFile = async (path: string, tenant: Tenant): Promise<ImportedDataFile> => {
  const store = await openSqliteStore(path);
  await removeDeletedThreads(store); // Their ids can be imported again.
  const targetOf = (writes: WorkerWrites): ImportTarget => ({
    imports: writes.importsFor(tenant),
    threadUsage: writes.threadUsage,
  });
  return {
    inBatches: async (work) => {
      const importer = new Importer();
      const result = await work((inputs) => store.write((writes) => importer.add(targetOf(writes), inputs)));
      await store.write((writes) => importer.end(targetOf(writes)));
      return result;
    },
    atOnce: (work) =>
      store.write(async (writes) => {
        const importer = new Importer();
        const target = targetOf(writes);
        const result = await work((inputs) => importer.add(target, inputs));
        await importer.end(target);
        return result;
      }),
    close: () => store.close(),
  };
};
