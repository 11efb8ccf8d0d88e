/** The middle of some numbers; of an even count, the mean of the two in the middle. NaN for none. */
export const median = (values: readonly number[]): number => {
  const sorted = values.toSorted((a, b) => a - b);
  const half = sorted.length / 2;
  const [low = Number.NaN, high = low] = [sorted[Math.ceil(half) - 1], sorted[Math.floor(half)]];
  return (low + high) / 2;
};

/** What a quarter of some numbers is below, and what a quarter is above: the medians of their lower and of their upper half. */
export const quartiles = (values: readonly number[]): { lower: number; upper: number } => {
  const sorted = values.toSorted((a, b) => a - b);
  const half = Math.ceil(sorted.length / 2);
  return { lower: median(sorted.slice(0, half)), upper: median(sorted.slice(-half)) };
};
