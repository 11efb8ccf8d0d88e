import { setMaxListeners } from 'node:events';
import type { FileLimits } from './files/fileDependencies.ts';
import { defaultFileLimits, openFiles } from './files/openFiles.ts';
import { KnownModels, type ModelProbe } from './models/knownModels.ts';
import type { Model } from './models/model.ts';
import { offlineModel } from './models/offline.ts';
import { createRequestHandler } from './routes/requestHandler.ts';
import { type RunWebhooksOptions, startRunWebhooks } from './runWebhooks/runWebhooks.ts';
import { targetOf } from './runWebhooks/target.ts';
import type { ReadImage } from './runs/promptMessage.ts';
import type { RunObserver } from './runs/runObserver.ts';
import { startWorker } from './runs/worker.ts';
import { openSqliteStore } from './store/sqlite.ts';
import { noServerTools, type ServerTools } from './tools/serverTools.ts';
import { DEFAULT_TENANT, type Tenant } from './tenant.ts';

export interface EngineOptions {
  /** Path of an SQLite file, created if missing, or `:memory:`. */
  dataPath: string;
  /** The model that completes runs. Default: the built-in offline model. */
  model?: Model | undefined;
  /** Functions that the engine runs itself; closed with it. By default there are none, and clients submit all outputs. */
  tools?: ServerTools | undefined;
  /** Reads image files of messages. By default there are none, and prompts only mention them. */
  readImage?: ReadImage | undefined;
  /** Maximum sizes of files. Default: 512 MiB for a file, 8 GiB if it is uploaded in parts, 100 GiB for a tenant, 1 TiB in total. */
  fileLimits?: FileLimits | undefined;
  /** Seconds from a run's creation until it expires. Default: 600. */
  runLifetimeSeconds?: number | undefined;
  /** Milliseconds between sweeps for expired and abandoned runs, and for expired files. Default: 1000. */
  sweepIntervalMs?: number | undefined;
  /** Called with one-line log messages for the operator. Default: none are logged. */
  log?: ((line: string) => void) | undefined;
  runObserver?: RunObserver | undefined;
  /** What is sent when runs end or require action. By default nothing is. */
  runWebhooks?: RunWebhooksOptions | undefined;
}

/** What completes the runs. */
export interface EngineModel {
  readonly name: string;
  readonly offline: boolean;
  probe(signal: AbortSignal): Promise<ModelProbe>;
  /** The names that assistants and runs may use, as far as the endpoint lists them. Rejects if it cannot be read. */
  names(signal: AbortSignal): Promise<string[]>;
}

/** An Assistants API (v2) in this process. */
export interface Engine {
  /**
   * Responds to a request for a path under `/v1`, `/openai` or `/openai/v1`, on any host. No credential is required, and
   * any is accepted, in `Authorization` as in `api-key`: who the tenant is must be known by then. For it, no objects exist but
   * its own. Default: the default tenant. Never rejects.
   */
  fetch(request: Request, tenant?: Tenant): Promise<Response>;
  readonly model: EngineModel;
  /** What the engine can do, by name. */
  readonly capabilities: Record<string, boolean>;
  /** Why nothing can be written until the process is restarted; undefined if that is not so. */
  problem(): string | undefined;
  /** How many runs that have not ended there are, by status. */
  activeRuns(): Promise<Record<string, number>>;
  /**
   * Stops the worker, closes the model and releases the file. The next engine on the same file continues the runs in
   * progress.
   */
  close(): Promise<void>;
}

/**
 * Opens the data file and starts to process the runs in it.
 * @throws {StoreUnavailableError} if the file can't be used; the message is one line that says why.
 */
export const openEngine = async ({
  dataPath,
  model = offlineModel,
  tools = noServerTools,
  readImage = () => Promise.resolve(undefined),
  fileLimits = defaultFileLimits,
  runLifetimeSeconds = 600,
  sweepIntervalMs = 1000,
  log = () => undefined,
  runObserver,
  runWebhooks,
}: EngineOptions): Promise<Engine> => {
  const store = await openSqliteStore(dataPath, runWebhooks?.urls.map(targetOf));
  const files = await openFiles({ store, dataPath, limits: fileLimits, sweepIntervalMs, log });
  const worker = startWorker({ store, model, tools, files, readImage, log, runObserver }, sweepIntervalMs);
  const webhooks = runWebhooks && startRunWebhooks(store, runWebhooks, log);
  const models = new KnownModels(model);
  const closing = new AbortController();
  setMaxListeners(0, closing.signal); // One listener per stream; their number is not limited.
  let closed: Promise<void> | undefined;
  const handle = createRequestHandler(
    { store, models, files, runLifetimeSeconds, closing: closing.signal, runObserver },
    log,
  );
  return {
    fetch: (request, tenant = DEFAULT_TENANT) => handle(request, tenant),
    model: {
      name: model.name,
      offline: model.offline,
      probe: (signal) => models.probe(signal),
      names: async (signal) => (await model.listModels(signal)).models.map(({ id }) => id),
    },
    capabilities: {
      functionTools: true,
      streaming: true,
      replay: true,
      fileSearch: model.hostedTools.includes('file_search'),
      codeInterpreter: model.hostedTools.includes('code_interpreter'),
    },
    problem: () => store.problem(),
    activeRuns: () => store.runs.countActive(),
    close: () => {
      closing.abort();
      closed ??= worker
        .close()
        .then(() => Promise.all([model.close(), tools.close(), files.close(), webhooks?.close()]))
        .then(() => store.close());
      return closed;
    },
  };
};
