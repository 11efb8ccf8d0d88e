import type { RunObserver } from '../runs/runObserver.ts';
import type { Store } from '../store/store.ts';

/** Dependencies of the routes. */
export interface RouteDependencies {
  store: Store;
  /** Seconds from a run's creation until it expires. */
  runLifetimeSeconds: number;
  /** Aborted when the engine closes; ends all streams. */
  closing: AbortSignal;
  runObserver?: RunObserver | undefined;
}
