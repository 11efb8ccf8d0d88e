import type { Cost } from '../context/context.ts';
import type { OperationRule } from '../pipeline/rule.ts';

/** The request header that asks for `extensions.upstream`, with any value. */
const HEADER = 'x-upstream-stats';

/**
 * What an operation has cost and saved: `calls` to the REST API; `roundTrips`, how often calls had to wait for the results
 * of others; `coalesced`, objects that came with a page of their list instead of by a call of their own; `deduplicated`,
 * objects that the request already had or had requested.
 */
const costOf = ({ calls, roundTrips, savings }: Cost) => ({ calls, roundTrips: roundTrips.count, ...savings });

/** Reports as `extensions.upstream` what an operation has cost, if a request header or the setting asks for that. */
export const costReport = (always: boolean): OperationRule => ({
  extensions: ({ caller, context }) =>
    always || caller.headers.has(HEADER) ? { upstream: costOf(context.cost) } : undefined,
});
