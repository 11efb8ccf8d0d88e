/** Upper bounds of the buckets of durations, in seconds. */
const BOUNDS = [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

/**
 * How often one kind of work ended in each way, and how long it took. In place of a counter and a histogram of prom-client, which
 * build a text of all labels for each value.
 */
export class Outcomes {
  readonly #counts = new Map<string, number>();
  /** How many durations are above the bound before and not above this one; the last bucket has those above all bounds. */
  readonly #buckets = BOUNDS.map(() => 0).concat(0);
  #seconds = 0;

  count(outcome: string): void {
    this.#counts.set(outcome, (this.#counts.get(outcome) ?? 0) + 1);
  }

  observe(seconds: number): void {
    let bucket = 0;
    while (bucket < BOUNDS.length && seconds > (BOUNDS[bucket] ?? 0)) bucket += 1;
    this.#buckets[bucket] = (this.#buckets[bucket] ?? 0) + 1;
    this.#seconds += seconds;
  }

  /** The samples of a counter by outcome. */
  counterLines(name: string, labels: Labels, outcomeLabel: string): string[] {
    return [...this.#counts].map(([outcome, count]) => sample(name, { ...labels, [outcomeLabel]: outcome }, count));
  }

  /** The samples of a histogram; none if nothing was observed. */
  histogramLines(name: string, labels: Labels): string[] {
    let count = 0;
    const buckets = [...BOUNDS, '+Inf'].map((bound, at) => {
      count += this.#buckets[at] ?? 0;
      return sample(`${name}_bucket`, { le: String(bound), ...labels }, count);
    });
    if (count === 0) return [];
    return [...buckets, sample(`${name}_sum`, labels, this.#seconds), sample(`${name}_count`, labels, count)];
  }
}

type Labels = Readonly<Record<string, string>>;

/** A metric whose samples are those of several outcomes. */
export interface OutcomeMetric {
  readonly name: string;
  readonly help: string;
}

/** Two metrics in the text format of Prometheus: a counter with the outcome as a label of this name, and a histogram of durations. */
export const outcomesText = (
  counter: OutcomeMetric & { readonly outcomeLabel: string },
  histogram: OutcomeMetric,
  outcomes: readonly (readonly [Labels, Outcomes])[],
): string =>
  [
    ...headerLines(counter, 'counter'),
    ...outcomes.flatMap(([labels, each]) => each.counterLines(counter.name, labels, counter.outcomeLabel)),
    '',
    ...headerLines(histogram, 'histogram'),
    ...outcomes.flatMap(([labels, each]) => each.histogramLines(histogram.name, labels)),
    '',
  ].join('\n');

const headerLines = ({ name, help }: OutcomeMetric, type: string) => [
  `# HELP ${name} ${help}`,
  `# TYPE ${name} ${type}`,
];

const sample = (name: string, labels: Labels, value: number): string => {
  const pairs = Object.entries(labels).map(([label, text]) => `${label}="${escaped(text)}"`);
  return `${name}{${pairs.join(',')}} ${value}`;
};

const escaped = (text: string): string =>
  text.replaceAll('\\', String.raw`\\`).replaceAll('\n', String.raw`\n`).replaceAll('"', String.raw`\"`);
