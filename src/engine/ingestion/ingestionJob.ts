import type { BlobStore } from '../files/blobStore.ts';
import type { SearchIndex } from '../search/searchIndex.ts';
import type { Store } from '../store/store.ts';
import type { IngestionJob, IngestionOutcome } from '../store/access/ingestion.ts';
import { chunkSizesOf } from '../vectorStores/chunkingStrategy.ts';
import { IngestionError } from './ingestionError.ts';

export interface IngestionDependencies {
  store: Store;
  index: SearchIndex;
  blobs: Pick<BlobStore, 'read'>;
  /** Called with one-line log messages for the operator. */
  log: (line: string) => void;
}

/** How often a file is tried that ends the process, or that fails for a reason of the server. */
const MAX_ATTEMPTS = 4;
/** Milliseconds until a file is tried again the first time. */
const RETRY_MS = 2000;
/** Milliseconds for which a job is claimed. The claim is renewed until the job ends. */
const CLAIM_MS = 60_000;

const failed = ({ code, message }: IngestionError): IngestionOutcome => ({
  status: 'failed',
  usage_bytes: 0,
  last_error: { code, message },
});

/** Indexes a file. Undefined if it has to be tried again, or `signal` was aborted. */
const outcomeOf = async (
  { store, index, blobs, log }: IngestionDependencies,
  { entry, tenant, file, filename, sha256 }: IngestionJob,
  attempt: number,
  signal: AbortSignal,
): Promise<IngestionOutcome | undefined> => {
  const indexed = { entry, tenant, vectorStoreId: file.vector_store_id, fileId: file.id, filename };
  const sizes = chunkSizesOf(file.chunking_strategy);
  try {
    const { bytes } = await index.add({ ...indexed, sizes }, blobs.read(sha256), signal);
    return { status: 'completed', usage_bytes: bytes, last_error: null };
  } catch (error) {
    if (signal.aborted) return undefined;
    if (error instanceof IngestionError) return failed(error);
    log(`file ${file.id} was not indexed: ${String(error)}`);
    const pause = RETRY_MS * attempt;
    await store.write(({ ingestion }) => ingestion.requeue(entry, Date.now() + pause));
    return undefined;
  }
};

/** Renews the claim of a job until the function that this returns is called. */
const keepClaim = ({ store, log }: IngestionDependencies, entry: number, attempt: number): (() => void) => {
  const renew = () => {
    store
      .write(({ ingestion }) => ingestion.renew(entry, attempt, Date.now() + CLAIM_MS))
      .catch((error: unknown) => log(`the claim of a file to be indexed was not renewed: ${String(error)}`));
  };
  const timer = setInterval(renew, CLAIM_MS / 3);
  return () => clearInterval(timer);
};

/**
 * Claims a job and carries it out, unless another worker has claimed it. If `signal` is aborted before the file is indexed, the job is
 * left as it was.
 */
export const runIngestionJob = async (
  dependencies: IngestionDependencies,
  job: IngestionJob,
  signal: AbortSignal,
): Promise<void> => {
  const { store, index } = dependencies;
  const { entry } = job;
  // Before the attempt: it may end the process.
  const attempt = await store.write(({ ingestion }) => ingestion.claim(entry, Date.now(), Date.now() + CLAIM_MS));
  if (attempt === undefined) return;
  if (attempt > MAX_ATTEMPTS) {
    const error = new IngestionError('server_error', `The file could not be indexed in ${MAX_ATTEMPTS} attempts.`);
    await store.write(({ ingestion }) => ingestion.finish(entry, attempt, failed(error)));
    return;
  }
  const endClaim = keepClaim(dependencies, entry, attempt);
  try {
    const outcome = await outcomeOf(dependencies, job, attempt, signal);
    if (outcome === undefined) {
      if (signal.aborted) await store.write(({ ingestion }) => ingestion.release(entry, attempt, Date.now()));
      return;
    }
    const end = await store.write(({ ingestion }) => ingestion.finish(entry, attempt, outcome));
    if (end === 'unwanted') await index.remove([entry]);
  } finally {
    endClaim();
  }
};
