/**
 * How long a run of the benchmark measures. Rounds are short and go through all subjects, so that a busy moment of the machine
 * hits all alike; and all are started again a few times, since two processes of one program differ by some percent for as long
 * as they live.
 */
export interface Settings {
  /** Processes of each subject, one after the other. */
  readonly lives: number;
  /** Throughput of each process. */
  readonly rounds: number;
  /** One subject doing one work, as often as it can. */
  readonly throughputMs: number;
  /** The same before anything is measured, so that the code is compiled. */
  readonly warmUpMs: number;
  /** Latency of each process. */
  readonly latencyRounds: number;
  /** Single requests in each latency round. */
  readonly latencySamples: number;
}

export const full: Settings = {
  lives: 8,
  rounds: 2,
  throughputMs: 800,
  warmUpMs: 2000,
  latencyRounds: 1,
  latencySamples: 12,
};

export const quick: Settings = {
  lives: 1,
  rounds: 1,
  throughputMs: 800,
  warmUpMs: 500,
  latencyRounds: 1,
  latencySamples: 5,
};

/** What each measurement of throughput begins with and does not count, since another process had the core's caches before it. */
export const LEAD_IN_MS = 200;

/** Requests under way at a time while throughput is measured. */
export const CONNECTIONS = 8;

/** The delay of each response of the stub while latency is measured. */
export const UPSTREAM_MS = 20;
