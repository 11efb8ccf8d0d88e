import type { EngineRequest } from '../engineRequest.ts';
import type { StartedRun, StartOptions } from '../runs/start.ts';
import { openNewRunFeed, type RunFeed } from '../runs/runFeed.ts';
import type { RunRecord } from '../store/access/runs.ts';
import type { StoreWrites } from '../store/store.ts';
import type { RouteDependencies } from './routeDependencies.ts';
import { checkId } from './router.ts';
import type { Write } from './writeOnce.ts';

export interface StartRequest {
  body: { assistant_id: string; model?: string | null | undefined; stream?: boolean | null | undefined };
  headers: EngineRequest['headers'];
  write: Write;
}

/** Reports which request a worker is going to execute the run for. */
export const observeRequest = (
  { runObserver }: RouteDependencies,
  { run }: RunRecord,
  headers: EngineRequest['headers'],
): void => {
  if (runObserver === undefined) return;
  const named = ['traceparent', 'tracestate'].map((name) => [name, headers.get(name)]);
  runObserver.requested(run.id, Object.fromEntries(named.filter(([, value]) => value !== null)));
};

/**
 * Creates a run by `start`, in one transaction, and has this process execute it if it can at once. `feed` has its events if
 * the body asks for a stream; it is undefined if the run was created by an earlier request with the same key.
 * @throws {HttpError} as `start`; 400 if there is no such assistant and the id has not the prefix of one
 */
export const startRunOf = async (
  { body, headers, write }: StartRequest,
  dependencies: RouteDependencies,
  start: (writes: StoreWrites, options: StartOptions) => Promise<StartedRun>,
): Promise<{ record: RunRecord; feed: RunFeed | undefined }> => {
  const { store, models, runLifetimeSeconds: lifetimeSeconds, reserveWorker } = dependencies;
  let feed: RunFeed | undefined;
  let claimed: RunRecord | undefined;
  const onRun = (runId: string) => {
    if (body.stream === true) feed = openNewRunFeed(store, runId);
  };
  let reservation: StartOptions['reservation'];
  try {
    await models.check(body.model);
    reservation = reserveWorker();
    const record = await write(async (writes) => {
      const started = await start(writes, { lifetimeSeconds, reservation, onRun });
      ({ claimed } = started);
      return started.queued;
    });
    observeRequest(dependencies, record, headers);
    if (claimed !== undefined) reservation?.execute(claimed);
    return { record, feed };
  } catch (error) {
    feed?.close();
    // An id that cannot be one of an assistant is the first error to report.
    if ((await store.assistants.get(body.assistant_id)) === undefined) checkId('assistant_id', body.assistant_id);
    throw error;
  } finally {
    reservation?.release();
  }
};
