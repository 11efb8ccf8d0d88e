import type { RestClient } from './client.ts';
import { ApiError } from './errors/apiError.ts';
import { InvalidResponseError } from './errors/invalidResponseError.ts';
import { isMissingOperation } from './errors/missingOperation.ts';
import { NotSupportedError } from './errors/notSupportedError.ts';
import { UnclearNotFoundError } from './errors/unclearNotFoundError.ts';
import { type RestPath, path } from './path.ts';

/** Whether an upstream has an operation; null if a read cannot show it. */
export interface Capability {
  /** The name of the operation in the REST API's reference, such as `listRuns`. */
  readonly operation: string;
  readonly supported: boolean | null;
}

/** A path of the API, and what can be done there. */
interface Probe {
  readonly path: RestPath;
  /** The operation with the method GET, which the probe sends. */
  readonly get?: string;
  readonly others?: readonly string[];
}

/** In ids of objects that no server has. */
const NONE = 'none_probe';

/** Each path once. The ids in them contain `NONE`. */
const PROBES: readonly Probe[] = [
  { path: path`/assistants`, get: 'listAssistants', others: ['createAssistant'] },
  { path: path`/assistants/asst_none_probe`, get: 'getAssistant', others: ['modifyAssistant', 'deleteAssistant'] },
  { path: path`/threads`, get: 'listThreads', others: ['createThread'] },
  { path: path`/threads/thread_none_probe`, get: 'getThread', others: ['modifyThread', 'deleteThread'] },
  { path: path`/threads/thread_none_probe/messages`, get: 'listMessages', others: ['createMessage'] },
  {
    path: path`/threads/thread_none_probe/messages/msg_none_probe`,
    get: 'getMessage',
    others: ['modifyMessage', 'deleteMessage'],
  },
  { path: path`/threads/runs`, others: ['createThreadAndRun'] },
  { path: path`/threads/thread_none_probe/runs`, get: 'listRuns', others: ['createRun'] },
  { path: path`/threads/thread_none_probe/runs/run_none_probe`, get: 'getRun', others: ['modifyRun'] },
  { path: path`/threads/thread_none_probe/runs/run_none_probe/cancel`, others: ['cancelRun'] },
  {
    path: path`/threads/thread_none_probe/runs/run_none_probe/submit_tool_outputs`,
    others: ['submitToolOutputsToRun'],
  },
  { path: path`/threads/thread_none_probe/runs/run_none_probe/steps`, get: 'listRunSteps' },
  { path: path`/threads/thread_none_probe/runs/run_none_probe/steps/step_none_probe`, get: 'getRunStep' },
  { path: path`/files`, get: 'listFiles', others: ['createFile'] },
  { path: path`/files/file-none_probe`, get: 'getFile', others: ['deleteFile'] },
  { path: path`/vector_stores`, get: 'listVectorStores', others: ['createVectorStore'] },
  {
    path: path`/vector_stores/vs_none_probe`,
    get: 'getVectorStore',
    others: ['modifyVectorStore', 'deleteVectorStore'],
  },
  { path: path`/vector_stores/vs_none_probe/files`, get: 'listVectorStoreFiles', others: ['createVectorStoreFile'] },
];

/** What the response to a GET shows of its path, and of the method. */
interface Evidence {
  readonly path: boolean | null;
  readonly get: boolean | null;
}

const KNOWN: Evidence = { path: true, get: true };
const UNKNOWN: Evidence = { path: null, get: null };
const MISSING: Evidence = { path: false, get: false };

const capabilitiesAt = ({ get, others = [] }: Probe, shown: Evidence): Capability[] => [
  ...(get === undefined ? [] : [{ operation: get, supported: shown.get }]),
  ...others.map((operation) => ({ operation, supported: shown.path })),
];

/**
 * Finds out which operations an upstream has, with one read for each path of the API, all in parallel. A 405 shows that the path
 * exists for other methods, and a 404 that names an object, that the path exists. If a server has the same 404 for unknown paths
 * and for missing objects, `OPTIONS` may tell them apart: see `bareNotFound.ts`. If it does not, or the server does not accept the
 * credentials, nothing is known. `probe` never rejects.
 */
export const capabilities = (client: RestClient) => ({
  probe: async (): Promise<Capability[]> => {
    const probed = await Promise.all(PROBES.map(async (probe) => ({ probe, shown: await evidenceOf(client, probe) })));
    return probed.flatMap(({ probe, shown }) => capabilitiesAt(probe, shown));
  },
});

/** Every operation, of an upstream that is known to have them all. */
export const allCapabilities: readonly Capability[] = PROBES.flatMap((probe) => capabilitiesAt(probe, KNOWN));

const evidenceOf = async (client: RestClient, probe: Probe): Promise<Evidence> => {
  try {
    await client.get(probe.path, () => undefined);
    return KNOWN;
  } catch (error) {
    if (error instanceof InvalidResponseError) return error.status === 404 ? MISSING : UNKNOWN;
    if (error instanceof NotSupportedError) return MISSING;
    if (error instanceof UnclearNotFoundError) return namesNoObject(probe) ? MISSING : UNKNOWN;
    return error instanceof ApiError ? evidenceIn(error, probe) : UNKNOWN;
  }
};

/** Whether nothing but the path itself can be missing. */
const namesNoObject = ({ path: probed, get }: Probe) => !probed.includes(NONE) && get !== undefined;

const evidenceIn = (error: ApiError, probe: Probe): Evidence => {
  const { status } = error;
  // The hosted API has the list of threads for its own web site, and says so to API keys: see `listThreads.ts`.
  if (status === 405 || error.code === 'missing_scope') return { path: true, get: false };
  if (isMissingOperation(error)) return MISSING;
  if (status === 400 || status === 422) return KNOWN; // it validates the id
  if (status !== 404) return UNKNOWN;
  if (probe.path.includes(NONE)) return KNOWN;
  return namesNoObject(probe) ? MISSING : UNKNOWN;
};
