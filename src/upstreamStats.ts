import type { Plugin } from 'graphql-yoga';
import type { Context } from './context.ts';

/** Asks for `extensions.upstream`; its value does not matter. */
const HEADER = 'x-upstream-stats';

/**
 * Tells in `extensions.upstream` what a request has cost and saved, where its header or a setting asks for that:
 * `calls` to the REST API · `waves`, how far they had to wait for each other · `coalesced`, what came with a page of its list
 * instead of by a call of its own · `deduplicated`, what the request already had or had asked for.
 */
export const upstreamStats = (always: boolean): Plugin<Context> => ({
  onExecute: ({ args: { contextValue } }) => {
    const asked = always || contextValue.request.headers.has(HEADER);
    return {
      onExecuteDone: ({ result, setResult }) => {
        if (!asked || Symbol.asyncIterator in result) return;
        const { calls, waves, saved } = contextValue.cost;
        const upstream = { calls, waves: waves.count, ...saved };
        setResult({ ...result, extensions: { ...result.extensions, upstream } });
      },
    };
  },
});
