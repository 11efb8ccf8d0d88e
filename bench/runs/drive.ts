import { microseconds } from './clock.ts';

/** What one run took, in microseconds. */
export interface RunTimes {
  /** From its request until all of it was there. */
  readonly took: number;
  /** From the model's sending of the first token until that was there. */
  readonly firstToken: number;
}

/** A number of runs, and what all of them took, in microseconds. */
export interface Round {
  readonly times: readonly RunTimes[];
  readonly took: number;
}

/** Makes so many runs. Each of `workers` begins its next one when its last has ended. */
export const drive = async (runs: number, workers: readonly (() => Promise<RunTimes>)[]): Promise<Round> => {
  const times: RunTimes[] = [];
  let begun = 0;
  const started = microseconds();
  await Promise.all(
    workers.map(async (run) => {
      while (begun < runs) {
        begun += 1;
        times.push(await run());
      }
    }),
  );
  return { times, took: microseconds() - started };
};
