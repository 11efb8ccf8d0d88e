import { median, quartiles } from './median.ts';

/** A figure of a subject and what it is to the oracle's. */
export interface Figure {
  readonly value: number;
  readonly toOracle: number;
  /** Half of the rounds have a ratio between these two. */
  readonly quartiles: { readonly lower: number; readonly upper: number };
}

/** Collects one figure of several subjects, round by round. The oracle is the first subject. */
export class Rounds {
  readonly #rounds: Map<string, number>[] = [];

  add(round: number, subject: string, value: number) {
    const values = this.#rounds[round] ?? new Map<string, number>();
    this.#rounds[round] = values.set(subject, value);
  }

  /** Medians over the rounds; the ratio is that of each round, so that what slowed a whole round cancels out. */
  figure(subject: string, oracle: string): Figure {
    const pairs = this.#rounds.map((values) => [values.get(subject) ?? Number.NaN, values.get(oracle) ?? Number.NaN]);
    const ratios = pairs.map(([own = Number.NaN, others = Number.NaN]) => own / others);
    return {
      value: median(pairs.map(([own = Number.NaN]) => own)),
      toOracle: median(ratios),
      quartiles: quartiles(ratios),
    };
  }
}
