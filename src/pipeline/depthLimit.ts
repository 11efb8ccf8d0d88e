import { maxDepthRule } from '@escape.tech/graphql-armor-max-depth';
import type { OperationRule } from './rule.ts';

/** Refuses documents whose selections nest deeper than `maxDepth`. Introspection is exempt. */
export const depthLimit = (maxDepth: number): OperationRule => ({ validation: [maxDepthRule({ n: maxDepth })] });
