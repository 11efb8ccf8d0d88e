import { limitError } from './limitError.ts';
import type { OperationRule } from './rule.ts';
import { tooDeepValues } from './textLimits.ts';

export interface VariableLimits {
  /** How deep lists and objects may nest within a value. */
  readonly maxValueDepth: number;
  /** How many items a list may have. */
  readonly maxListItems: number;
}

/** Limits what is coerced: how deep the variables nest, and how long the lists within them are. Does not recurse. */
export const variableLimits = ({ maxValueDepth, maxListItems }: VariableLimits): OperationRule => ({
  variables: (variables) => {
    let level: readonly unknown[] = Object.values(variables);
    for (let depth = 1; level.length > 0; depth += 1) {
      const below: unknown[] = [];
      for (const value of level) {
        if (typeof value !== 'object' || value === null) continue;
        const isList = Array.isArray(value);
        if (isList && value.length > maxListItems) throw tooLong(value.length, maxListItems);
        if (depth > maxValueDepth) throw tooDeepValues(undefined, maxValueDepth);
        for (const member of isList ? value : Object.values(value)) below.push(member);
      }
      level = below;
    }
  },
});

const tooLong = (actual: number, limit: number) =>
  limitError({ what: 'The number of items of a list', actual, limit, setting: 'MAX_LIST_ITEMS' });
