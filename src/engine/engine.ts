import { setMaxListeners } from 'node:events';
import { engineCodeInterpreter } from './codeInterpreter/engineCodeInterpreter.ts';
import type { CodeRunner } from './codeInterpreter/codeRunner.ts';
import { engineFileSearch } from './fileSearch/engineFileSearch.ts';
import type { FileLimits } from './files/fileDependencies.ts';
import { imageReader } from './files/imageReader.ts';
import { defaultFileLimits, openFiles } from './files/openFiles.ts';
import { startIngestion } from './ingestion/ingestionWorker.ts';
import { defaultExtractionLimits, type ExtractionLimits } from './ingestion/limits.ts';
import { KnownModels, type ModelProbe } from './models/knownModels.ts';
import type { Model } from './models/model.ts';
import { offlineModel } from './models/offline.ts';
import { openPersistence, type PersistenceOptions } from './persistence.ts';
import type { EngineRequest, EngineResponse } from './engineRequest.ts';
import { eventBody } from './eventBody.ts';
import { createRequestHandler } from './routes/requestHandler.ts';
import { type RunWebhooksOptions, startRunWebhooks } from './runWebhooks/runWebhooks.ts';
import { targetOf } from './runWebhooks/target.ts';
import type { ReadImage } from './runs/promptMessage.ts';
import type { RunObserver } from './runs/runObserver.ts';
import { startEventRetention } from './runs/eventRetention.ts';
import { startWorker } from './runs/worker.ts';
import { WritePace } from './runs/writePace.ts';
import type { EngineTools } from './tools/engineTool.ts';
import { startThreadRemoval } from './threadRemoval.ts';
import { noServerTools, type ServerTools } from './tools/serverTools.ts';
import { DEFAULT_TENANT, type Tenant } from './tenant.ts';

export interface EngineOptions extends PersistenceOptions {
  /** The model that completes runs. Default: the built-in offline model. */
  model?: Model | undefined;
  /** Functions that the engine runs itself; closed with it. By default there are none, and clients submit all outputs. */
  tools?: ServerTools | undefined;
  /**
   * Runs the code of the code interpreter; closed with the engine. By default it is left to the model's endpoint, or to
   * nobody: then models do not get the tool.
   */
  codeRunner?: CodeRunner | undefined;
  /** Reads image files of messages. By default from the files of the thread's tenant. */
  readImage?: ReadImage | undefined;
  /** Maximum sizes of files. Default: 512 MiB for a file, 8 GiB if it is uploaded in parts, 100 GiB for a tenant, 1 TiB in total. */
  fileLimits?: FileLimits | undefined;
  /** What the extraction of the text of a file may take. Default: 120 seconds and 768 MB of memory. */
  extractionLimits?: ExtractionLimits | undefined;
  /** Seconds from a run's creation until it expires. Default: 600. */
  runLifetimeSeconds?: number | undefined;
  /** Hours after the end of a run for which its events are stored, 0 or more. Default: 24. */
  eventRetentionHours?: number | undefined;
  /** Seconds after which another replica continues the runs of one that has ended. Default: 30. */
  runLeaseSeconds?: number | undefined;
  /** Whether runs are executed and files indexed. Without that, the engine serves what the data file holds. Default: true. */
  startsWorkers?: boolean | undefined;
  /** Milliseconds between sweeps for expired and abandoned runs, and for expired files. Default: 1000. */
  sweepIntervalMs?: number | undefined;
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
  respond(request: EngineRequest, tenant?: Tenant): Promise<EngineResponse>;
  /** As `respond`, by the objects of the Fetch standard, which take longer to make than most responses. */
  fetch(request: Request, tenant?: Tenant): Promise<Response>;
  readonly model: EngineModel;
  /** What the engine can do, by name. */
  readonly capabilities: Record<string, boolean>;
  /** What runs the code of the code interpreter, or why nothing does though it is turned on; undefined if it is off. */
  readonly codeInterpreter: string | undefined;
  /** Why nothing can be written: until the process is restarted, or until the database can be reached. Undefined if that is not so. */
  problem(): string | undefined;
  /** How many runs that have not ended there are, by status. */
  activeRuns(): Promise<Record<string, number>>;
  /**
   * Stops the worker, closes the model and releases the file or the database. The next engine on the same data continues the
   * runs in progress.
   */
  close(): Promise<void>;
}

const idleWorker = { close: () => Promise.resolve(), reserve: () => undefined };

/**
 * Opens the data file or the database and starts to process the runs in it.
 * @throws {StoreUnavailableError} if it can't be used; the message is one line that says why. Other errors if the
 * folder of the files can't.
 */
export const openEngine = async (options: EngineOptions): Promise<Engine> => {
  const {
    model = offlineModel,
    tools = noServerTools,
    codeRunner,
    readImage,
    fileLimits = defaultFileLimits,
    extractionLimits = defaultExtractionLimits,
    runLifetimeSeconds = 600,
    eventRetentionHours = 24,
    runLeaseSeconds = 30,
    startsWorkers = true,
    sweepIntervalMs = 1000,
    log = () => undefined,
    runObserver,
    runWebhooks,
  } = options;
  const { store, blobs, index } = await openPersistence(options, runWebhooks?.urls.map(targetOf));
  const files = openFiles({ store, blobs, limits: fileLimits, sweepIntervalMs, log });
  const ingestion = startsWorkers
    ? startIngestion({ store, index, blobs: files.blobs, limits: extractionLimits, log }, sweepIntervalMs)
    : idleWorker;
  const fileSearch = engineFileSearch(index, (name) => model.contextTokensOf(name));
  const ownTools = [fileSearch, ...(codeRunner === undefined ? [] : [engineCodeInterpreter(codeRunner, files)])];
  const engineTools: EngineTools = new Map(ownTools.map((tool) => [tool.type, tool]));
  const images = readImage ?? imageReader(files.blobs, store);
  const leaseMs = runLeaseSeconds * 1000;
  const pace = new WritePace();
  const dependencies = { store, model, tools, engineTools, readImage: images, pace, log, runObserver, leaseMs };
  const worker = startsWorkers ? startWorker(dependencies, sweepIntervalMs) : idleWorker;
  const housekeeping = startsWorkers
    ? [
        startThreadRemoval(store, { intervalMs: sweepIntervalMs, log }),
        startEventRetention(store, {
          retentionMs: eventRetentionHours * 3_600_000,
          intervalMs: sweepIntervalMs,
          log,
        }),
      ]
    : [];
  const webhooks = startsWorkers && runWebhooks ? startRunWebhooks(store, runWebhooks, log) : undefined;
  const models = new KnownModels(model);
  const closing = new AbortController();
  setMaxListeners(0, closing.signal); // One listener per stream; their number is not limited.
  let closed: Promise<void> | undefined;
  const handle = createRequestHandler(
    {
      store,
      index,
      models,
      files,
      runLifetimeSeconds,
      closing: closing.signal,
      runObserver,
      reserveWorker: () => worker.reserve(),
    },
    log,
  );
  return {
    respond: (request, tenant = DEFAULT_TENANT) => handle(request, tenant),
    fetch: async (request, tenant = DEFAULT_TENANT) => {
      const response = await handle(request, tenant);
      if (response instanceof Response) return response;
      return new Response('events' in response ? eventBody(response.events) : response.text, response);
    },
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
      fileSearch: true,
      codeInterpreter:
        codeRunner === undefined ? model.hostedTools.includes('code_interpreter') : codeRunner.problem === undefined,
    },
    codeInterpreter: codeRunner && (codeRunner.problem ?? codeRunner.name),
    problem: () => store.problem(),
    activeRuns: () => store.runs.countActive(),
    close: () => {
      closing.abort();
      closed ??= Promise.all([worker, ingestion, ...housekeeping].map((each) => each.close()))
        .then(() =>
          Promise.all(
            [model, tools, files, index, ...(webhooks ? [webhooks] : []), ...ownTools].map((each) => each.close()),
          ),
        )
        .then(() => store.close());
      return closed;
    },
  };
};
