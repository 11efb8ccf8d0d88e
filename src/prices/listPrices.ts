import { createRequire } from 'node:module';
import type * as genaiPrices from '@pydantic/genai-prices';
import { LRUCache } from 'lru-cache';
import { parseDecimal } from './decimal.ts';
import type { ModelUse, PriceTable, TokenPrice } from './price.ts';

/** Names are kept in memory, and come from clients. Models of real providers have shorter ones. */
const MAX_NAME_LENGTH = 200;

/** Looking up a name takes about 0.3 ms, so the latest are kept. */
const KEPT_NAMES = 1000;

/** The latest time that a Date can represent. Some upstream may send a later one. */
const MAX_TIME = 8.64e15;

type Library = Pick<typeof genaiPrices, 'calcPrice'>;
type ModelPrice = genaiPrices.ModelPrice;
type TieredPrices = genaiPrices.TieredPrices;

/** Prices of a model that are always the same, `varying` ones, or none. */
type Known = { prices: ModelPrice } | 'varying' | 'unknown';

/**
 * The list prices of models by the name that their provider uses, in US dollars, as @pydantic/genai-prices has them. They
 * are part of the package: nothing is downloaded.
 */
export const createListPrices = (): PriceTable => {
  const known = new LRUCache<string, Known>({ max: KEPT_NAMES });
  let loaded: Library | undefined;
  // Not before it is needed: it takes 30 ms of CPU and 4 MB. And by `require`, because fields are synchronous.
  const library = () => (loaded ??= createRequire(import.meta.url)('@pydantic/genai-prices') as Library);

  const find = (model: string): Known => {
    const found = library().calcPrice({}, model);
    if (found === null) return 'unknown';
    return Array.isArray(found.model.prices) ? 'varying' : { prices: found.model.prices };
  };

  return {
    priceOf(use) {
      const { model } = use;
      if (model.length > MAX_NAME_LENGTH) return undefined;
      let kept = known.get(model);
      if (kept === undefined) known.set(model, (kept = find(model)));
      if (kept === 'unknown') return undefined;
      const prices = kept === 'varying' ? pricesDuring(library(), use) : kept.prices;
      return prices && tokenPriceOf(prices, use);
    },
  };
};

/** The prices that were valid during the whole use; undefined if they may have changed. */
const pricesDuring = ({ calcPrice }: Library, { model, firstAt, lastAt }: ModelUse): ModelPrice | undefined => {
  if (Math.max(firstAt, lastAt) > MAX_TIME) return undefined;
  const [first, last] = [firstAt, lastAt].map((at) => calcPrice({}, model, { timestamp: new Date(at) }));
  if (firstAt === lastAt) return first?.model_price;
  const { prices } = first?.model ?? {};
  const dependsOnTimeOfDay =
    Array.isArray(prices) && prices.some(({ constraint }) => constraint?.type === 'time_of_date');
  return first?.model_price === last?.model_price && !dependsOnTimeOfDay ? first?.model_price : undefined;
};

/** Prices for each million tokens. Undefined if the model is priced in another way: by requests, pages or hours. */
const tokenPriceOf = (prices: ModelPrice, use: ModelUse): TokenPrice | undefined => {
  const { input_mtok, cache_read_mtok = input_mtok, output_mtok, requests_kcount } = prices;
  if (requests_kcount !== undefined) return undefined;
  const input = amountFor(input_mtok, use);
  const cachedInput = amountFor(cache_read_mtok, use);
  const output = amountFor(output_mtok, use);
  return input && cachedInput && output && { currency: 'USD', input, cachedInput, output };
};

/** Some prices rise with the length of a prompt. The higher one then applies to all tokens of the request. */
const amountFor = (price: number | TieredPrices | undefined, { largestPrompt, isOneRequest }: ModelUse) => {
  if (price === undefined || typeof price === 'number') return price === undefined ? undefined : parseDecimal(price);
  const reached = price.tiers.filter(({ start }) => largestPrompt > start);
  if (reached.length > 0 && !isOneRequest) return undefined;
  return parseDecimal(
    reached.reduce((highest, tier) => (tier.start > highest.start ? tier : highest), {
      start: -1,
      price: price.base,
    }).price,
  );
};
