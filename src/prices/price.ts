import { type DecimalAmount, dividedByTenTo, sumOf, timesCount } from './decimal.ts';

/** What a million tokens cost, in units of `currency`. */
export interface TokenPrice {
  /** ISO 4217, such as `USD`. */
  readonly currency: string;
  readonly input: DecimalAmount;
  /** Of prompt tokens that were read from a cache. */
  readonly cachedInput: DecimalAmount;
  readonly output: DecimalAmount;
}

/** The use of a model: by one request or by many. */
export interface ModelUse {
  readonly model: string;
  /** Prompt tokens, those that were read from a cache included. */
  readonly prompt: number;
  /** Prompt tokens that were read from a cache; 0 if that is unknown, so that all are priced in full. */
  readonly cached: number;
  readonly completion: number;
  /** No single request had more prompt tokens than this. */
  readonly largestPrompt: number;
  /** Whether there was one request only, which then had `largestPrompt` prompt tokens. */
  readonly isOneRequest: boolean;
  /** When the first and the last request were made, as Unix milliseconds. */
  readonly firstAt: number;
  readonly lastAt: number;
}

/** Prices of models. */
export interface PriceTable {
  /** The price of all tokens of a use. Undefined if it is not known, or not the same for all of them. */
  priceOf(use: ModelUse): TokenPrice | undefined;
}

/** No price is known. */
export const noPrices: PriceTable = { priceOf: () => undefined };

/** An exact sum of money. */
export interface Money {
  readonly amount: DecimalAmount;
  readonly currency: string;
}

const isCount = (value: number) => Number.isSafeInteger(value) && value >= 0;

/**
 * What a use costs. Prices are decimal and counts are whole, so the result is exact and is not rounded. Null if no price is
 * known, or if the counts contradict each other.
 */
export const costOf = (prices: PriceTable, use: ModelUse): Money | null => {
  const { prompt, cached, completion } = use;
  if (![prompt, cached, completion].every(isCount) || cached > prompt) return null;
  const price = prices.priceOf(use);
  if (price === undefined) return null;
  const parts = [
    timesCount(price.input, prompt - cached),
    timesCount(price.cachedInput, cached),
    timesCount(price.output, completion),
  ];
  return { amount: dividedByTenTo(sumOf(parts), 6), currency: price.currency };
};

/** The sum of several costs; null if one of them is, if their currencies differ, or if there are none. */
export const totalCost = (costs: readonly (Money | null)[]): Money | null => {
  const [first] = costs;
  if (first == null) return null;
  const amounts = costs.flatMap((cost) => (cost?.currency === first.currency ? [cost.amount] : []));
  return amounts.length === costs.length ? { amount: sumOf(amounts), currency: first.currency } : null;
};
