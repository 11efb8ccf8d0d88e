import type { SubjectResult } from '../measure/comparison.ts';
import type { Memory } from '../measure/memory.ts';
import type { RunResults } from '../measure/runs.ts';
import type { Scaling } from '../measure/scaling.ts';

/** What a run of the benchmark found, as the JSON file holds it. Times in milliseconds unless the name says otherwise. */
export interface Results {
  /** ISO 8601. */
  readonly measuredAt: string;
  readonly node: string;
  readonly processor: string;
  readonly cores: number;
  /** How many processes wanted a core in the minute before: anything near `cores` or above it makes the figures rough. */
  readonly loadBefore: number;
  /** Whether each server was held to one core that nothing else of the benchmark used. */
  readonly heldToOneCore: boolean;
  readonly quick: boolean;
  /** By name; the first is the oracle, which the ratios are to. */
  readonly subjects: Readonly<Record<string, SubjectResult>>;
  /** Of a complete run only, as `memory` is. */
  readonly scaling?: Scaling | undefined;
  readonly memory?: Memory | undefined;
  /** Of a complete run, or of one with `--runs` since. */
  readonly runs?: RunResults | undefined;
}
