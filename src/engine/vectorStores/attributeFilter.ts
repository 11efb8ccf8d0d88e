import type { RestFileAttributes } from '../../wire/vectorStore.ts';

export type AttributeValue = string | number | boolean;

/** Compares one attribute. `in` and `nin` have a list of values. */
export interface ComparisonFilter {
  type: 'eq' | 'ne' | 'gt' | 'gte' | 'lt' | 'lte' | 'in' | 'nin';
  key: string;
  value: AttributeValue | AttributeValue[];
}

export interface CompoundFilter {
  type: 'and' | 'or';
  filters: AttributeFilter[];
}

export type AttributeFilter = ComparisonFilter | CompoundFilter;

/** Negative, 0 or positive; NaN for values that have no order: of different types, booleans, or missing. */
const order = (one: AttributeValue | undefined, other: AttributeValue | AttributeValue[]): number => {
  if (typeof one === 'number' && typeof other === 'number') return one - other;
  if (typeof one !== 'string' || typeof other !== 'string') return Number.NaN;
  if (one === other) return 0;
  return one < other ? -1 : 1;
};

const comparisons: Record<
  ComparisonFilter['type'],
  (actual: AttributeValue | undefined, value: ComparisonFilter['value']) => boolean
> = {
  eq: (actual, value) => actual === value,
  ne: (actual, value) => actual !== value,
  gt: (actual, value) => order(actual, value) > 0,
  gte: (actual, value) => order(actual, value) >= 0,
  lt: (actual, value) => order(actual, value) < 0,
  lte: (actual, value) => order(actual, value) <= 0,
  in: (actual, value) => [value].flat().some((each) => each === actual),
  nin: (actual, value) => ![value].flat().some((each) => each === actual),
};

/** Whether a file with these attributes passes. A file without the attribute only passes `ne` and `nin`. */
export const passes = (attributes: RestFileAttributes, filter: AttributeFilter): boolean => {
  if ('filters' in filter) {
    const { type, filters } = filter;
    return type === 'and'
      ? filters.every((each) => passes(attributes, each))
      : filters.some((each) => passes(attributes, each));
  }
  const { type, key, value } = filter;
  return comparisons[type](Object.hasOwn(attributes, key) ? attributes[key] : undefined, value);
};
