import type { BlobStore } from '../files/blobStore.ts';
import type { SearchIndex } from '../search/searchIndex.ts';
import type { Store } from '../store/store.ts';
import type { IngestionJob, IngestionOutcome } from '../store/access/ingestion.ts';
import { chunkSizesOf } from '../vectorStores/chunkingStrategy.ts';
import { IngestionError } from './ingestionError.ts';
import type { ExtractionLimits } from './limits.ts';

export interface IngestionDependencies {
  store: Store;
  index: SearchIndex;
  blobs: Pick<BlobStore, 'read'>;
  limits: ExtractionLimits;
  /** Called with one-line log messages for the operator. */
  log: (line: string) => void;
}

/** How often a file is tried that ends the process, or that fails for a reason of the server. */
const MAX_ATTEMPTS = 4;
/** Milliseconds until another process may index the file, if this one does not say that it still does. */
const LEASE_MS = 60_000;
/** Milliseconds until a file is tried again the first time. */
const RETRY_MS = 2000;

const failed = ({ code, message }: IngestionError): IngestionOutcome => ({
  status: 'failed',
  usage_bytes: 0,
  last_error: { code, message },
});

/** Indexes a file. Undefined if it has to be tried again, or `signal` was aborted. */
const outcomeOf = async (
  { store, index, blobs, limits, log }: IngestionDependencies,
  { entry, tenant, file, filename, sha256, attempts }: IngestionJob,
  signal: AbortSignal,
): Promise<IngestionOutcome | undefined> => {
  const indexed = { entry, tenant, vectorStoreId: file.vector_store_id, fileId: file.id, filename };
  const sizes = chunkSizesOf(file.chunking_strategy);
  try {
    const { bytes } = await index.add({ ...indexed, sizes, limits }, blobs.read(sha256), signal);
    return { status: 'completed', usage_bytes: bytes, last_error: null };
  } catch (error) {
    if (signal.aborted) return undefined;
    if (error instanceof IngestionError) return failed(error);
    log(`file ${file.id} was not indexed: ${String(error)}`);
    const pause = RETRY_MS * (attempts + 1);
    await store.write(({ ingestion }) => ingestion.requeue(entry, Date.now() + pause));
    return undefined;
  }
};

/** Renews the lease of an entry while `work` runs. */
const renewing = async <Result>(
  { store, log }: IngestionDependencies,
  entry: number,
  work: () => Promise<Result>,
): Promise<Result> => {
  const renew = () => store.write(({ ingestion }) => ingestion.renew(entry, Date.now() + LEASE_MS));
  const timer = setInterval(() => {
    renew().catch((error: unknown) => log(`the lease of an indexed file was not renewed: ${String(error)}`));
  }, LEASE_MS / 3);
  try {
    return await work();
  } finally {
    clearInterval(timer);
  }
};

/** Carries out a job. If `signal` is aborted before the file is indexed, the job is left as it was; also if another process has it. */
export const runIngestionJob = async (
  dependencies: IngestionDependencies,
  job: IngestionJob,
  signal: AbortSignal,
): Promise<void> => {
  const { store, index } = dependencies;
  const { entry } = job;
  if (job.attempts >= MAX_ATTEMPTS) {
    const error = new IngestionError('server_error', `The file could not be indexed in ${MAX_ATTEMPTS} attempts.`);
    await store.write(({ ingestion }) => ingestion.finish(entry, failed(error)));
    return;
  }
  // Before the attempt: it may end the process.
  const now = Date.now();
  const isTaken = await store.write(({ ingestion }) => ingestion.start(entry, now, now + LEASE_MS));
  if (!isTaken) return;
  const outcome = await renewing(dependencies, entry, () => outcomeOf(dependencies, job, signal));
  if (outcome === undefined) {
    if (signal.aborted) await store.write(({ ingestion }) => ingestion.release(entry, Date.now()));
    return;
  }
  const isWanted = await store.write(({ ingestion }) => ingestion.finish(entry, outcome));
  if (!isWanted) await index.remove([entry]);
};
