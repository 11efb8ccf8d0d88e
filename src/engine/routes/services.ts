import type { Store } from '../store/store.ts';

/** What the routes stand on. */
export interface Services {
  store: Store;
  /** How long a run may take, from its creation. */
  runLifetimeSeconds: number;
  /** Aborted when the engine closes, so that streams end. */
  closing: AbortSignal;
}
