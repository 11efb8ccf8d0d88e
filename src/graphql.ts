import { maxDepthRule } from '@escape.tech/graphql-armor-max-depth';
import { parse } from 'graphql';
import { createYoga, type Plugin, useExecutionCancellation, type YogaInitialContext } from 'graphql-yoga';
import type { Context } from './context.ts';
import { publicError, userInputError } from './errors.ts';
import { createLoaders } from './loaders/loaders.ts';
import type { Log } from './log.ts';
import { clientOf } from './rest/client.ts';
import { createEndpoint, type EndpointOptions } from './rest/endpoint.ts';
import { createRest } from './rest/rest.ts';
import { routerOnly } from './routerSecret.ts';
import { subgraphOf } from './schema/federation.ts';
import { createSchema } from './schema/index.ts';

export interface GraphqlOptions {
  upstream: EndpointOptions & { timeoutMs: number };
  /** The most items that one connection may be asked for. */
  maxPageItems: number;
  /** The most REST calls that one request may cost. */
  maxUpstreamCalls: number;
  /** How deep a selection may be nested. */
  maxDepth: number;
  /** How many tokens a document may have. */
  maxTokens: number;
  /** Leaves out `node` and `nodes`, so that the graph composes with another that has them. */
  subgraph?: boolean | undefined;
  /** What a router must send to be let in; undefined lets everyone in. */
  routerSecret?: string | undefined;
  log: Log;
}

/** The GraphQL server: a listener for node:http that answers `/graphql`. It has no page of its own for browsers. */
export const createGraphql = (options: GraphqlOptions) => {
  const { log, maxDepth } = options;
  return createYoga<object, Context>({
    schema: subgraphOf(createSchema(), { nodes: options.subgraph !== true }),
    context: contextFactory(options),
    plugins: [
      ...(options.routerSecret === undefined ? [] : [routerOnly(options.routerSecret)]),
      limitTokens(options.maxTokens),
      limitDepth(maxDepth),
      publicErrors(log),
      logRequests(log),
      useExecutionCancellation(),
    ],
    maskedErrors: { maskError: (error) => publicError(error, log) },
    // The listener that this is mounted in sees to it at less cost.
    maxRequestBodySize: false,
    multipart: false,
    graphiql: false,
    landingPage: false,
    logging: false,
  });
};

/** Makes what one request carries. The caller's own credentials go before the configured ones. */
const contextFactory = ({ upstream, maxPageItems, maxUpstreamCalls }: GraphqlOptions) => {
  const endpoint = createEndpoint(upstream);
  const limits = { maxPageItems };
  return ({ request }: YogaInitialContext): Context => {
    const authorization = request.headers.get('authorization');
    const upstreamCalls = { count: 0 };
    const client = clientOf(endpoint, {
      timeoutMs: upstream.timeoutMs,
      signal: request.signal,
      ...(authorization === null ? {} : { headers: { authorization } }),
      onCall: () => {
        upstreamCalls.count += 1;
        if (upstreamCalls.count > maxUpstreamCalls) throw tooManyCalls(maxUpstreamCalls);
      },
    });
    const rest = createRest(client);
    return { rest, loaders: createLoaders(rest), limits, upstreamCalls };
  };
};

const tooManyCalls = (max: number) =>
  userInputError(`This request needs more than the ${max} REST calls that one may cost: ask for less at once.`);

const limitTokens = (maxTokens: number): Plugin => ({
  onParse: ({ setParseFn }) => setParseFn((source: string) => parse(source, { maxTokens })),
});

const limitDepth = (n: number): Plugin => ({
  onValidate: ({ addValidationRule }) => addValidationRule(maxDepthRule({ n })),
});

/** Gives the errors of parsing and validation the codes of the graph; those of execution have them from `maskedErrors`. */
const publicErrors = (log: Log): Plugin => ({
  onExecutionResult: ({ result, setResult }) => {
    if (!result || Array.isArray(result) || !('errors' in result) || !result.errors) return;
    setResult({ ...result, errors: result.errors.map((error) => publicError(error, log)) });
  },
});

const logRequests = (log: Log): Plugin<Context> => ({
  onExecute: ({ args }) => {
    const started = performance.now();
    return {
      onExecuteDone: ({ result }) => {
        log.info('graphql', {
          operation: args.operationName ?? 'anonymous',
          ms: Math.round(performance.now() - started),
          upstreamCalls: args.contextValue.upstreamCalls.count,
          errors: 'errors' in result ? (result.errors?.length ?? 0) : 0,
        });
      },
    };
  },
});
