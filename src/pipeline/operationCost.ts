import type { OperationRule } from './rule.ts';

/** The request header that asks for `extensions.cost`, with any value. */
const HEADER = 'x-operation-cost';

export interface CostReportOptions {
  /** Reports it even if the request does not ask for it. */
  readonly always: boolean;
  /** What an operation may cost. */
  readonly limit: number;
}

/**
 * Reports as `extensions.cost` what an operation could have cost at most (`requested`), what it may cost (`limit`), and the REST
 * calls that it made, if a request header or the setting asks for that.
 */
export const operationCost = ({ always, limit }: CostReportOptions): OperationRule => ({
  extensions: ({ caller, requestedCost, context }) =>
    always || caller.headers.has(HEADER)
      ? { cost: { requested: requestedCost, limit, upstreamCalls: context.cost.calls } }
      : undefined,
});
