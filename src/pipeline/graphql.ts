import { maxDepthRule } from '@escape.tech/graphql-armor-max-depth';
import { execute, parse } from 'graphql';
import { createYoga, type Plugin, type YogaServerInstance } from 'graphql-yoga';
import { admission, type AdmissionOptions } from '../access/admission.ts';
import { type Context, contextFactory, type ContextOptions, type RequestView } from '../context/context.ts';
import { publicError } from '../context/errors.ts';
import type { Log } from '../observability/log.ts';
import { type Operations, operationsOf } from './operations.ts';
import { logRequests } from '../observability/requestLog.ts';
import { servedSchema } from '../schema/served.ts';
import { upstreamStats } from '../observability/upstreamStats.ts';

export interface GraphqlOptions extends ContextOptions, AdmissionOptions {
  /** How deep a selection may be nested. */
  maxDepth: number;
  /** How many tokens a document may have. */
  maxTokens: number;
  /** Leaves out `node` and `nodes`, so that the graph composes with another that has them. */
  subgraph?: boolean | undefined;
  /** Tells each answer's cost even where the request does not ask for that. */
  upstreamStats?: boolean | undefined;
  log: Log;
}

/** The graph, in the two ways that it is served. */
export interface Graphql {
  /** Serves whatever comes by HTTP, or tells what is wrong with it: a listener for node:http. It has no page for browsers. */
  readonly yoga: YogaServerInstance<object, Context>;
  /** Executes what is well-formed, at a fraction of the cost. */
  readonly operations: Operations;
}

/** The GraphQL server. What holds for all operations holds for both ways: limits, contexts, errors, the log. */
export const createGraphql = (options: GraphqlOptions): Graphql => {
  const { log, maxDepth, upstreamStats: always = false } = options;
  const schema = servedSchema({ subgraph: options.subgraph === true });
  const contextOf = contextFactory(options);
  const yoga = createYoga<object, Context>({
    schema,
    context: contextOf,
    plugins: [
      admission(options),
      limitTokens(options.maxTokens),
      limitDepth(maxDepth),
      publicErrors(log),
      logRequests(log),
      upstreamStats(always),
      executeByGraphqlJs,
    ],
    maskedErrors: { maskError: (error) => publicError(error, log) },
    // The listener that this is mounted in sees to it at less cost.
    maxRequestBodySize: false,
    multipart: false,
    graphiql: false,
    landingPage: false,
    logging: false,
  });
  const documentOf = documentsThrough(yoga);
  return { yoga, operations: operationsOf({ schema, documentOf, contextOf, upstreamStats: always, log }) };
};

/** Parses and validates as yoga does, its plugins included. */
const documentsThrough = (yoga: Graphql['yoga']) => (query: string, request: RequestView) => {
  // Of a Request the plugins read no more than the view has.
  const enveloped = yoga.getEnveloped({ request: request as Request });
  try {
    const document = enveloped.parse(query);
    return enveloped.validate(enveloped.schema, document).length === 0 ? document : undefined;
  } catch {
    return undefined;
  }
};

/**
 * Yoga's own executor costs a fifth more. What that could do beyond, to stop when a client leaves, the REST client does: its
 * calls end, and no other is made.
 */
const executeByGraphqlJs: Plugin = { onExecute: ({ setExecuteFn }) => setExecuteFn(execute) };

const limitTokens = (maxTokens: number): Plugin => ({
  onParse: ({ setParseFn }) => setParseFn((source: string) => parse(source, { maxTokens })),
});

const limitDepth = (n: number): Plugin => ({
  onValidate: ({ addValidationRule }) => addValidationRule(maxDepthRule({ n })),
});

/** Gives the errors of parsing and validation the codes of the graph; those of execution have them from `maskedErrors`. */
const publicErrors = (log: Log): Plugin => ({
  onExecutionResult: (executed) => {
    const { result } = executed;
    if (!result || Array.isArray(result) || !('errors' in result) || !result.errors) return;
    executed.setResult({ ...result, errors: result.errors.map((error) => publicError(error, log)) });
  },
});
