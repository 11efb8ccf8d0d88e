/** How long a run of the benchmark measures. Rounds go through all subjects, so that a busy minute of the machine hits all alike. */
export interface Settings {
  readonly rounds: number;
  /** One subject doing one work, as often as it can. */
  readonly throughputMs: number;
  /** The same before anything is measured, so that the code is compiled. */
  readonly warmUpMs: number;
  /** Single requests in each latency round. */
  readonly latencySamples: number;
  readonly latencyRounds: number;
}

export const full: Settings = { rounds: 7, throughputMs: 2500, warmUpMs: 2500, latencySamples: 15, latencyRounds: 5 };

export const quick: Settings = { rounds: 1, throughputMs: 1000, warmUpMs: 500, latencySamples: 5, latencyRounds: 1 };

/** Requests under way at a time while throughput is measured. */
export const CONNECTIONS = 8;

/** The delay of each answer of the stub while latency is measured. */
export const UPSTREAM_MS = 20;
