/** Runs what is under way when a caller gives up. */
export interface Abandonment {
  readonly happened: boolean;
  /** `giveUp` is called, once, should the caller give up before `forget` is called with it. */
  remember(giveUp: () => void): void;
  forget(giveUp: () => void): void;
}

/**
 * Many calls of one caller wait on one signal. Node warns of a leak at the eleventh listener, so there is one for all of
 * them, and none while nothing is under way.
 */
export const abandonmentOf = (signal: AbortSignal | undefined): Abandonment => {
  const underWay = new Set<() => void>();
  const giveUpAll = () => {
    for (const giveUp of underWay) giveUp();
  };
  return {
    get happened() {
      return signal?.aborted === true;
    },
    remember(giveUp) {
      if (underWay.size === 0) signal?.addEventListener('abort', giveUpAll);
      underWay.add(giveUp);
    },
    forget(giveUp) {
      if (underWay.delete(giveUp) && underWay.size === 0) signal?.removeEventListener('abort', giveUpAll);
    },
  };
};
