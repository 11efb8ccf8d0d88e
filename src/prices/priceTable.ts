import type { PriceTable, TokenPrice } from './price.ts';
import type { PricesByModel } from './priceFile.ts';

/**
 * The prices of a file, and list prices for models that it does not name. A name itself comes before a pattern, and a
 * pattern with more characters before one with fewer. A model that is called by another name has the prices of that name, unless
 * the file names it itself.
 */
export const priceTable = (
  own: PricesByModel,
  listPrices: PriceTable,
  calledName: (model: string) => string = (model) => model,
): PriceTable => {
  const patterns = [...own.keys()]
    .filter((name) => name.includes('*'))
    .toSorted((one, other) => other.length - one.length)
    .map((pattern) => ({ pattern, matches: matcherOf(pattern) }));

  const ownPrice = (model: string): TokenPrice | null | undefined => {
    const named = own.get(model);
    if (named !== undefined) return named;
    const found = patterns.find(({ matches }) => matches(model));
    return found && own.get(found.pattern);
  };

  return {
    priceOf(use) {
      const model = calledName(use.model);
      const named = own.get(use.model);
      const price = named === undefined ? ownPrice(model) : named;
      return price === undefined ? listPrices.priceOf({ ...use, model }) : (price ?? undefined);
    },
  };
};

/** Whether a name matches a pattern. Without backtracking, since names come from clients. */
const matcherOf = (pattern: string) => {
  const [start = '', ...rest] = pattern.split('*');
  const end = rest.pop() ?? '';
  return (name: string) => {
    if (!name.startsWith(start) || !name.endsWith(end) || name.length < start.length + end.length) return false;
    let position = start.length;
    for (const part of rest) {
      const found = name.indexOf(part, position);
      if (found < 0) return false;
      position = found + part.length;
    }
    return position <= name.length - end.length;
  };
};
