import { randomUUID } from 'node:crypto';
import { GraphQLError } from 'graphql';
import { ExecutionCancelledError, ResponseTooLargeError } from '../execution/bounds.ts';
import { withoutStack } from '../execution/withoutStack.ts';
import { type Log, thrownFields } from '../observability/log.ts';
import { AbortedError } from '../rest/errors/abortedError.ts';
import { activeRunIdIn } from '../rest/errors/activeRun.ts';
import { ApiError } from '../rest/errors/apiError.ts';
import { CircuitOpenError } from '../rest/errors/circuitOpenError.ts';
import { InvalidIdError } from '../rest/errors/invalidIdError.ts';
import { InvalidResponseError } from '../rest/errors/invalidResponseError.ts';
import { isMissingOperation } from '../rest/errors/missingOperation.ts';
import { NotSupportedError } from '../rest/errors/notSupportedError.ts';
import { OverloadedError } from '../rest/errors/overloadedError.ts';
import { StreamEndedError } from '../rest/errors/streamEndedError.ts';
import { TimeoutError } from '../rest/errors/timeoutError.ts';
import { UnavailableError } from '../rest/errors/unavailableError.ts';
import { UnclearNotFoundError } from '../rest/errors/unclearNotFoundError.ts';
import { restOperationOf } from '../rest/operationName.ts';

/** The values of `extensions.code`. */
const codes = [
  'BAD_USER_INPUT',
  'UNAUTHENTICATED',
  'FORBIDDEN',
  'NOT_FOUND',
  'CONFLICT',
  'RATE_LIMITED',
  'UPSTREAM_ERROR',
  'UPSTREAM_TIMEOUT',
  'UPSTREAM_UNAVAILABLE',
  'UPSTREAM_INVALID_RESPONSE',
  'INTERNAL_SERVER_ERROR',
  'NOT_SUPPORTED',
  'OVERLOADED',
  'OPERATION_TOO_COSTLY',
  'PERSISTED_QUERY_NOT_FOUND',
  'PERSISTED_QUERY_NOT_SUPPORTED',
] as const;

export type ErrorCode = (typeof codes)[number];

/** The code of each status of the upstream. */
const codeOfStatus = new Map<number, ErrorCode>([
  [400, 'BAD_USER_INPUT'],
  [401, 'UNAUTHENTICATED'],
  [403, 'FORBIDDEN'],
  [404, 'NOT_FOUND'],
  [408, 'UPSTREAM_TIMEOUT'],
  [409, 'CONFLICT'],
  [413, 'BAD_USER_INPUT'],
  [422, 'BAD_USER_INPUT'],
  [429, 'RATE_LIMITED'],
  [504, 'UPSTREAM_TIMEOUT'],
]);

/** The code of each failure to reach the upstream or to read its response. */
const codeOfFailure: [kind: abstract new (...args: never[]) => Error, code: ErrorCode][] = [
  [InvalidIdError, 'BAD_USER_INPUT'],
  [TimeoutError, 'UPSTREAM_TIMEOUT'],
  [UnavailableError, 'UPSTREAM_UNAVAILABLE'],
  [StreamEndedError, 'UPSTREAM_UNAVAILABLE'],
  [InvalidResponseError, 'UPSTREAM_INVALID_RESPONSE'],
  [NotSupportedError, 'NOT_SUPPORTED'],
  [UnclearNotFoundError, 'NOT_FOUND'],
  [AbortedError, 'UPSTREAM_UNAVAILABLE'],
  [CircuitOpenError, 'UPSTREAM_UNAVAILABLE'],
  [OverloadedError, 'OVERLOADED'],
  [ResponseTooLargeError, 'OPERATION_TOO_COSTLY'],
  // Its client has disconnected.
  [ExecutionCancelledError, 'UPSTREAM_UNAVAILABLE'],
];

/** How GraphQL describes a value that is not of the type of its field. All values come from the upstream. */
const misfit = /^\w+ cannot represent |^Expected Iterable,|^Cannot return null for non-nullable field /;

const codeOf = (error: unknown): ErrorCode | undefined => {
  if (activeRunIdIn(error) !== null) return 'CONFLICT';
  if (error instanceof ApiError) {
    return isMissingOperation(error) ? 'NOT_SUPPORTED' : (codeOfStatus.get(error.status) ?? 'UPSTREAM_ERROR');
  }
  return codeOfFailure.find(([kind]) => error instanceof kind)?.[1];
};

/** An error in what the client sent; `message` says what was wrong and what is allowed. */
export const userInputError = (message: string) => graphError('BAD_USER_INPUT', message);

/** An error of the graph itself. */
export const graphError = (code: ErrorCode, message: string) =>
  withoutStack(() => new GraphQLError(message, { extensions: { code } }));

/**
 * The form in which clients see something that was thrown. Errors in the document and in its variables are shown as they are; a
 * failure of the upstream gets its code by the table above; anything else is ours: masked, and logged under an id.
 */
export const publicError = (thrown: unknown, log: Log): GraphQLError => {
  const located = thrown instanceof GraphQLError ? thrown : new GraphQLError('', { originalError: asError(thrown) });
  if (located.path && misfit.test(located.message)) {
    const code: ErrorCode = 'UPSTREAM_INVALID_RESPONSE';
    return withExtensions(located, `The upstream sent an invalid value: ${located.message}`, { code });
  }
  const cause = rootCause(located);
  if (cause === undefined) return isPublic(located) ? located : validationError(located);
  const code = codeOf(cause);
  if (cause instanceof ApiError) {
    const activeRunId = activeRunIdIn(cause) ?? undefined;
    const message =
      code === 'NOT_SUPPORTED'
        ? `The upstream does not have the operation ${restOperationOf(cause.call)}: ${cause.message}`
        : cause.message;
    return withExtensions(located, message, { code, activeRunId, upstream: cause.upstream });
  }
  if (cause instanceof InvalidResponseError && cause.status !== null) {
    return withExtensions(located, cause.message, { code, upstream: { status: cause.status } });
  }
  if (cause instanceof ResponseTooLargeError) {
    return withExtensions(located, cause.message, { code, limit: cause.limit, unit: cause.unit });
  }
  if (code) return withExtensions(located, cause.message, { code });

  const errorId = randomUUID();
  log.error('internal error', { errorId, path: located.path?.join('.'), ...thrownFields(cause) });
  return withExtensions(located, `Internal server error. It is logged under ${errorId}.`, {
    code: 'INTERNAL_SERVER_ERROR',
    errorId,
  });
};

const isPublic = ({ extensions }: GraphQLError) => codes.some((code) => code === extensions['code']);

/** GraphQL itself rejected the document or its variables. */
const validationError = (error: GraphQLError) =>
  withExtensions(error, error.message, { ...error.extensions, code: 'BAD_USER_INPUT' satisfies ErrorCode });

/** The error that was thrown first, inside those that GraphQL wrapped around it; undefined if GraphQL itself threw. */
const rootCause = (error: GraphQLError): Error | undefined => {
  const { originalError } = error;
  return originalError instanceof GraphQLError ? rootCause(originalError) : originalError;
};

const asError = (thrown: unknown) => (thrown instanceof Error ? thrown : new Error(String(thrown)));

const withExtensions = (at: GraphQLError, message: string, extensions: Record<string, unknown>) =>
  withoutStack(
    () =>
      new GraphQLError(message, {
        nodes: at.nodes ?? null,
        source: at.source ?? null,
        positions: at.positions ?? null,
        path: at.path ?? null,
        extensions,
      }),
  );
