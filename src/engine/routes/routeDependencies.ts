import type { FileDependencies } from '../files/fileDependencies.ts';
import type { KnownModels } from '../models/knownModels.ts';
import type { RunObserver } from '../runs/runObserver.ts';
import type { Reservation } from '../runs/reservation.ts';
import type { SearchIndex } from '../search/searchIndex.ts';
import type { TenantStore } from '../store/store.ts';

/** Dependencies of the routes. */
export interface RouteDependencies {
  /** Of the tenant that sent the request. */
  store: TenantStore;
  /** Of the files in vector stores. */
  index: SearchIndex;
  models: KnownModels;
  files: FileDependencies;
  /** Seconds from a run's creation until it expires. */
  runLifetimeSeconds: number;
  /** Aborted when the engine closes; ends all streams. */
  closing: AbortSignal;
  runObserver?: RunObserver | undefined;
  /** The worker of this process, if it can execute a new run at once. */
  reserveWorker: () => Reservation | undefined;
}
