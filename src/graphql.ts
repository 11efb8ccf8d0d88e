import { maxDepthRule } from '@escape.tech/graphql-armor-max-depth';
import { execute, parse } from 'graphql';
import { createYoga, type Plugin } from 'graphql-yoga';
import { admission, type AdmissionOptions } from './admission.ts';
import { type Context, contextFactory, type ContextOptions } from './context.ts';
import { publicError } from './errors.ts';
import type { Log } from './log.ts';
import { servedSchema } from './schema/served.ts';
import { upstreamStats } from './upstreamStats.ts';

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

/** The GraphQL server: a listener for node:http that answers `/graphql`. It has no page of its own for browsers. */
export const createGraphql = (options: GraphqlOptions) => {
  const { log, maxDepth } = options;
  return createYoga<object, Context>({
    schema: servedSchema({ subgraph: options.subgraph === true }),
    context: contextFactory(options),
    plugins: [
      admission(options),
      limitTokens(options.maxTokens),
      limitDepth(maxDepth),
      publicErrors(log),
      logRequests(log),
      upstreamStats(options.upstreamStats ?? false),
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

const logRequests = (log: Log): Plugin<Context> => ({
  onExecute: ({ args }) => {
    const started = performance.now();
    return {
      onExecuteDone: ({ result }) => {
        log.info('graphql', {
          operation: args.operationName ?? 'anonymous',
          ms: Math.round(performance.now() - started),
          upstreamCalls: args.contextValue.cost.calls,
          errors: 'errors' in result ? (result.errors?.length ?? 0) : 0,
        });
      },
    };
  },
});
