import type { DocumentNode, GraphQLSchema } from 'graphql';
import type { Context, RequestView } from '../context/context.ts';
import { publicError } from '../context/errors.ts';
import { binaryOf, joined, type Piece } from '../execution/bytes.ts';
import { type Prepared, prepare } from '../execution/prepared.ts';
import type { Log } from '../observability/log.ts';
import { Recent } from './recent.ts';
import { logRequest, nameIn } from '../observability/requestLog.ts';
import { costOf, isAskedFor } from '../observability/upstreamStats.ts';

/** An operation as clients send it. */
export interface Operation {
  readonly query: string;
  readonly operationName: string | undefined;
  readonly variables: Readonly<Record<string, unknown>>;
}

/**
 * Executes a query or a mutation, and resolves with the response as JSON in UTF-8; undefined where it is none, its document or
 * its variables are not as they should be, and nothing was executed. Whoever has sent the pieces may give them back (`spare.ts`).
 */
export type Operations = (operation: Operation, request: RequestView) => Promise<readonly Piece[] | undefined>;

export interface OperationsOptions {
  readonly schema: GraphQLSchema;
  /** A document that may be executed; undefined for one that is malformed, invalid or too large. */
  readonly documentOf: (query: string, request: RequestView) => DocumentNode | undefined;
  readonly contextOf: (asked: { request: RequestView }) => Context;
  /** Tells each answer's cost even where the request does not ask for that. */
  readonly upstreamStats: boolean;
  readonly log: Log;
}

/** An operation that can be executed. */
interface Kept {
  readonly name: string;
  readonly execute: Prepared;
}

/** Documents that are kept prepared. */
const MAX_DOCUMENTS = 500;

/** Longer ones are prepared anew each time, in characters: they are few, and seldom come twice. */
const MAX_KEPT_LENGTH = 32_000;

/** Has each document parsed, validated and prepared once, and executed as often as it comes. */
export const operationsOf = (options: OperationsOptions): Operations => {
  const { schema, documentOf, contextOf, log } = options;
  const documents = new Recent<string, Map<string | undefined, Kept>>(MAX_DOCUMENTS);

  const prepared = ({ query, operationName }: Operation, request: RequestView): Kept | undefined => {
    const known = documents.get(query);
    const one = known?.get(operationName);
    if (one) return one;
    const document = documentOf(query, request);
    const execute = document && prepare(schema, document, operationName);
    if (!execute) return undefined;
    const made = { name: nameIn(document, operationName), execute };
    if (query.length <= MAX_KEPT_LENGTH) documents.put(query, (known ?? new Map()).set(operationName, made));
    return made;
  };

  return async (operation, request) => {
    const kept = prepared(operation, request);
    if (!kept) return undefined;
    const started = performance.now();
    const context = contextOf({ request });
    const answering = kept.execute(operation.variables, context);
    if (!answering) return undefined;
    const { data, errors } = await answering;
    const { cost } = context;
    logRequest(log, { name: kept.name, started, upstreamCalls: cost.calls, errors: errors.length });
    const told =
      errors.length === 0
        ? ''
        : binaryOf(`"errors":${JSON.stringify(errors.map((error) => publicError(error, log)))},`);
    const extensions =
      options.upstreamStats || isAskedFor(request.headers)
        ? `,"extensions":${JSON.stringify({ upstream: costOf(cost) })}`
        : '';
    return joined([`{${told}"data":`, ...data, `${extensions}}`]);
  };
};
