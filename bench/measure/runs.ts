import { cpus, loadavg } from 'node:os';
import { cpuMs } from '../machine/usage.ts';
import type { Progress } from '../progress.ts';
import type { Round } from '../runs/drive.ts';
import { ALONE, AT_A_TIME, RUNS } from '../runs/settings.ts';
import { startWays, type Way } from '../runs/ways.ts';
import { median } from './median.ts';
import { percentile } from './percentile.ts';

/** What runs cost on one way to the model: medians over the rounds. Times in milliseconds. */
export interface RunCosts {
  readonly label: string;
  readonly runsPerSecond: number;
  /** `runsPerSecond` to that of the model itself, within a round. */
  readonly toModel: number;
  /** Of the whole run. */
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Processor time per run; of the model itself, its own. */
  readonly cpuMs: number;
  /** How much later than the model sent it the first token was there, at the median. */
  readonly firstTokenMs: number;
  /** The same of runs one after the other. */
  readonly firstTokenAloneMs: number;
}

export interface RunResults {
  /** ISO 8601. */
  readonly measuredAt: string;
  readonly cores: number;
  /** As in `Results`. */
  readonly loadBefore: number;
  readonly runs: number;
  readonly atATime: number;
  /** By name; the first is the model itself. */
  readonly ways: Readonly<Record<string, RunCosts>>;
}

const ROUNDS = 5;

/** Rounds before these: Node compiles what runs often within the first thousands of runs. */
const WARM_UPS = 3;

/** How many times `runResults` reports its progress. */
export const RUN_STEPS = 1 + ROUNDS;

interface Measured {
  runsPerSecond: number;
  p50Ms: number;
  p99Ms: number;
  cpuMs: number;
  firstTokenMs: number;
  firstTokenAloneMs: number;
}

const firstTokenMs = ({ times }: Round) => median(times.map(({ firstToken }) => firstToken)) / 1000;

const measure = async ({ child, round }: Way): Promise<Measured> => {
  const alone = await round(ALONE, 1);
  const cpuBefore = cpuMs(child.pid);
  const busy = await round(RUNS, AT_A_TIME);
  const cpu = cpuMs(child.pid) - cpuBefore;
  const took = busy.times.map((run) => run.took / 1000);
  return {
    runsPerSecond: (RUNS * 1e6) / busy.took,
    p50Ms: median(took),
    p99Ms: percentile(took, 99),
    cpuMs: cpu / RUNS,
    firstTokenMs: firstTokenMs(busy),
    firstTokenAloneMs: firstTokenMs(alone),
  };
};

/** Measures runs through a model that takes 50 ms: 1,000 of them, 32 at a time, and some one after the other. */
export const runResults = async (isPinned: boolean, progress: Progress): Promise<RunResults> => {
  const [loadBefore = 0] = loadavg();
  progress.step('runs: starting the model and what is in front of it');
  const { all, stop } = await startWays(isPinned);
  const rounds: Measured[][] = [];
  try {
    for (let n = 0; n < WARM_UPS; n += 1) for (const { round } of all) await round(RUNS, AT_A_TIME);
    for (let n = 0; n < ROUNDS; n += 1) {
      progress.step(`runs: round ${n + 1} of ${ROUNDS}`);
      const measured: Measured[] = [];
      for (const way of all) measured.push(await measure(way));
      rounds.push(measured);
    }
  } finally {
    await stop();
  }
  const costsOf = ({ label }: Way, index: number): RunCosts => {
    const own = rounds.map((measured) => measured[index]).filter((each) => each !== undefined);
    const middle = (figure: keyof Measured) => median(own.map((each) => each[figure]));
    const toModel = own.map(({ runsPerSecond }, n) => runsPerSecond / (rounds[n]?.[0]?.runsPerSecond ?? Number.NaN));
    return {
      label,
      runsPerSecond: middle('runsPerSecond'),
      toModel: median(toModel),
      p50Ms: middle('p50Ms'),
      p99Ms: middle('p99Ms'),
      cpuMs: middle('cpuMs'),
      firstTokenMs: middle('firstTokenMs'),
      firstTokenAloneMs: middle('firstTokenAloneMs'),
    };
  };
  return {
    measuredAt: new Date().toISOString(),
    cores: cpus().length,
    loadBefore,
    runs: RUNS,
    atATime: AT_A_TIME,
    ways: Object.fromEntries(all.map((way, index) => [way.name, costsOf(way, index)])),
  };
};
