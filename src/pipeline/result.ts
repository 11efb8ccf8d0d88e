import type { ExecutionResult, GraphQLError } from 'graphql';
import { binaryOf, bytesOf, joined, type Piece } from '../execution/bytes.ts';

/** The result of a query or a mutation. */
export interface SingleResult {
  /** The value of `data`, as JSON in UTF-8. A transport that has sent it may give it back (`execution/spare.ts`). */
  readonly data: readonly Piece[];
  /** As clients see them. */
  readonly errors: readonly GraphQLError[];
  readonly extensions: Readonly<Record<string, unknown>> | undefined;
}

/** The whole result as JSON in UTF-8. */
export const jsonPiecesOf = ({ data, errors, extensions }: SingleResult): Piece[] => {
  const before = errors.length === 0 ? '' : binaryOf(`"errors":${JSON.stringify(errors)},`);
  const after = extensions === undefined ? '' : binaryOf(`,"extensions":${JSON.stringify(extensions)}`);
  return joined([`{${before}"data":`, ...data, `${after}}`]);
};

/**
 * The JSON of a result as a stream of server-sent events, in the "distinct connections" mode of the GraphQL over SSE protocol. JSON has no
 * line breaks, so that it is one line of data.
 */
export const eventPiecesOf = (json: readonly Piece[]): Piece[] =>
  joined([':\n\nevent: next\ndata: ', ...json, '\n\nevent: complete\ndata:\n\n']);

/** A result that is JSON already, for libraries that would make JSON of it. */
export interface SerializedResult extends ExecutionResult {
  readonly json: readonly Piece[];
  /** What graphql-yoga calls instead of JSON.stringify. */
  readonly stringify: () => string;
}

export const serializedResult = (result: SingleResult): SerializedResult => {
  const json = jsonPiecesOf(result);
  return { json, stringify: () => bytesOf(json).toString() };
};

export const isSerialized = (result: object): result is SerializedResult => 'json' in result;
