import type { KnownModels } from '../models/knownModels.ts';
import type { RunObserver } from '../runs/runObserver.ts';
import type { Store } from '../store/store.ts';

/** Dependencies of the routes. */
export interface RouteDependencies {
  store: Store;
  models: KnownModels;
  /** Seconds from a run's creation until it expires. */
  runLifetimeSeconds: number;
  /** Aborted when the engine closes; ends all streams. */
  closing: AbortSignal;
  runObserver?: RunObserver | undefined;
}
