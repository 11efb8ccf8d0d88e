import type { Plugin } from 'graphql-yoga';
import type { Context, Cost, RequestView } from '../context/context.ts';

/** Asks for `extensions.upstream`; its value does not matter. */
const HEADER = 'x-upstream-stats';

/** Whether a request asks for its cost. */
export const isAskedFor = (headers: RequestView['headers']): boolean => headers.has(HEADER);

/**
 * What a request has cost and saved, as `extensions.upstream` tells it: `calls` to the REST API · `roundTrips`, how
 * often calls had to wait for the results of others · `coalesced`, what came with a page of its list instead of by a call of its own · `deduplicated`,
 * what the request already had or had asked for.
 */
export const costOf = ({ calls, roundTrips, savings }: Cost) => ({ calls, roundTrips: roundTrips.count, ...savings });

/** Tells what a request has cost where its header or a setting asks for that. */
export const upstreamStats = (always: boolean): Plugin<Context> => ({
  onExecute: ({ args: { contextValue } }) => {
    const asked = always || isAskedFor(contextValue.request.headers);
    return {
      onExecuteDone: ({ result, setResult }) => {
        if (!asked || Symbol.asyncIterator in result) return;
        setResult({ ...result, extensions: { ...result.extensions, upstream: costOf(contextValue.cost) } });
      },
    };
  },
});
