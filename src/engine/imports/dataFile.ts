import { openSqliteStore } from '../store/sqlite.ts';
import type { Tenant } from '../tenant.ts';
import type { ImportOutcome } from './candidate.ts';
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
  const owned = store.forTenant(tenant);
  return {
    inBatches: async (work) => {
      const importer = new Importer();
      const result = await work((inputs) => owned.write((writes) => importer.add(writes, inputs)));
      await owned.write((writes) => importer.end(writes));
      return result;
    },
    atOnce: (work) =>
      owned.write(async (writes) => {
        const importer = new Importer();
        const result = await work((inputs) => importer.add(writes, inputs));
        await importer.end(writes);
        return result;
      }),
    close: () => store.close(),
  };
};
