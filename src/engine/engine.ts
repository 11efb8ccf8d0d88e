import { setMaxListeners } from 'node:events';
import type { Model } from './models/model.ts';
import { offlineModel } from './models/offline.ts';
import { answerWith } from './routes/answer.ts';
import { startWorker } from './runs/worker.ts';
import { openSqliteStore } from './store/sqlite.ts';

export interface EngineOptions {
  /** SQLite file, made if it is not there; or `:memory:`. */
  dataPath: string;
  /** Who answers runs. The built-in offline model unless told. */
  model?: Model | undefined;
  /** How long a run may take, from its creation. 600 unless told. */
  runLifetimeSeconds?: number | undefined;
  /** How often expired and abandoned runs are looked for. 1000 unless told. */
  sweepIntervalMs?: number | undefined;
  /** Where one-line notes for the operator go. Nowhere unless told. */
  log?: ((line: string) => void) | undefined;
}

/** An Assistants API (v2) in this process. */
export interface Engine {
  /**
   * Responds to a request for a path under `/v1`, `/openai` or `/openai/v1`, on any host. No credential is required, and
   * any is accepted, in `Authorization` as in `api-key`. Never rejects.
   */
  fetch(request: Request): Promise<Response>;
  readonly model: { name: string; offline: boolean };
  /** What the engine can do, by name. */
  readonly capabilities: Record<string, boolean>;
  /** Stops the work and gives the file free. A run under way is picked up by the next engine on the same file. */
  close(): Promise<void>;
}

/**
 * Opens the data file and begins to work on the runs in it.
 * @throws {StoreUnavailableError} with one line that says why the file can't be used.
 */
export const openEngine = async ({
  dataPath,
  model = offlineModel,
  runLifetimeSeconds = 600,
  sweepIntervalMs = 1000,
  log = () => undefined,
}: EngineOptions): Promise<Engine> => {
  const store = await openSqliteStore(dataPath);
  const worker = startWorker({ store, model, log }, sweepIntervalMs);
  const closing = new AbortController();
  setMaxListeners(0, closing.signal); // Each stream listens, and there may be any number of them.
  let closed: Promise<void> | undefined;
  return {
    fetch: answerWith({ store, runLifetimeSeconds, closing: closing.signal }, log),
    model: { name: model.name, offline: model.offline },
    capabilities: { functionTools: true, streaming: true, replay: true, fileSearch: false, codeInterpreter: false },
    close: () => {
      closing.abort();
      closed ??= worker.close().then(() => store.close());
      return closed;
    },
  };
};
