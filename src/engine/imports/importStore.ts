import { HeldContents, type StoredContent } from '../files/heldContents.ts';
import { openPersistence, type PersistenceOptions } from '../persistence.ts';
import { removeDeletedThreads } from '../threadRemoval.ts';
import type { Tenant } from '../tenant.ts';
import type { WorkerWrites } from '../store/store.ts';
import type { ImportOutcome } from './candidate.ts';
import { hashedContent } from './hashedContent.ts';
import type { ImportTarget } from './importTarget.ts';
import { Importer, type ImportInput } from './importer.ts';

/** What objects are added to. */
export interface ImportSink {
  /** Imports a batch of objects. Returns what became of each. */
  readonly add: (inputs: readonly ImportInput[]) => Promise<ImportOutcome[]>;
  /**
   * Stores the content of a file that the next batch has, as it is read. Rejects with the error of `content` if that throws, and then
   * nothing is stored.
   */
  readonly store: (fileId: string, content: AsyncIterable<Uint8Array>) => Promise<StoredContent>;
}

/** A data file that nothing else has open, or a database, to import objects of one tenant into. */
export interface ImportStore {
  /** Each batch is a transaction: what was added is durable once `add` has resolved. */
  inBatches<Result>(work: (sink: ImportSink) => Promise<Result>): Promise<Result>;
  /** Everything is one transaction: if `work` rejects, nothing is written, and this rejects with the same error. */
  atOnce<Result>(work: (sink: ImportSink) => Promise<Result>): Promise<Result>;
  close(): Promise<void>;
}

/** How often something is read in a transaction that waits for its input: PostgreSQL ends those that are idle for 20 seconds. */
const readIntervalMs = 5000;

const isStored = async ({ imports }: ImportTarget, fileId: string) =>
  (await imports.existing('files', [fileId])).get(fileId)?.isOwn === true;

/**
 * Opens the data file of an engine, or its database, which is created or migrated if needed.
 * @throws {StoreUnavailableError} if a server is using the file or the database, or it cannot be used
 */
export const openImportStore = async (options: PersistenceOptions, tenant: Tenant): Promise<ImportStore> => {
  const { store, blobs, index } = await openPersistence(options, undefined, 'command');
  await removeDeletedThreads(store); // Their ids can be imported again.
  const contents = new HeldContents(blobs);
  const targetOf = (writes: WorkerWrites): ImportTarget => ({
    imports: writes.importsFor(tenant),
    threadUsage: writes.threadUsage,
  });
  // What is stored already is only compared.
  const storeContent = (content: AsyncIterable<Uint8Array>, isKnown: boolean) =>
    isKnown ? hashedContent(content) : contents.store(content);

  return {
    inBatches: async (work) => {
      const importer = new Importer();
      try {
        const result = await work({
          add: async (inputs) => {
            const outcomes = await store.write((writes) => importer.add(targetOf(writes), inputs));
            await contents.release();
            return outcomes;
          },
          store: async (fileId, content) =>
            storeContent(content, await store.write((writes) => isStored(targetOf(writes), fileId))),
        });
        await store.write((writes) => importer.end(targetOf(writes)));
        return result;
      } finally {
        await contents.release();
      }
    },

    atOnce: async (work) => {
      try {
        return await store.write(async (writes) => {
          const importer = new Importer();
          const target = targetOf(writes);
          const reading = setInterval(() => {
            isStored(target, '').catch(() => undefined); // The next statement fails too.
          }, readIntervalMs);
          try {
            const result = await work({
              add: (inputs) => importer.add(target, inputs),
              store: async (fileId, content) => storeContent(content, await isStored(target, fileId)),
            });
            await importer.end(target);
            return result;
          } finally {
            clearInterval(reading);
          }
        });
      } finally {
        await contents.release();
      }
    },

    close: async () => {
      await index.close();
      await blobs.close();
      await store.close();
    },
  };
};
