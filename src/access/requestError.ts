import { GraphQLError } from 'graphql';
import type { ErrorCode } from '../context/errors.ts';

/** A request that is refused before anything of it is executed. */
export class RequestError extends Error {
  override readonly name = 'RequestError';
  /** The HTTP status, 400 to 599; 200 if the error belongs to a protocol that has it so, such as Apollo's persisted queries. */
  readonly status: number;
  readonly errors: readonly GraphQLError[];
  /** Response headers, such as `allow` or `retry-after`. */
  readonly headers: Readonly<Record<string, string>>;
  /**
   * Whether the request itself is well-formed and its document or its variables are not. GraphQL over HTTP then wants status
   * 200 from a response of the type `application/json`, and `status` from any other.
   */
  readonly inDocument: boolean;

  constructor(
    status: number,
    errors: readonly GraphQLError[],
    { headers = {}, inDocument = false }: { headers?: Readonly<Record<string, string>>; inDocument?: boolean } = {},
  ) {
    super(errors.map(({ message }) => message).join('\n'));
    this.status = status;
    this.errors = errors;
    this.headers = headers;
    this.inDocument = inDocument;
  }
}

/** A request that is refused with one error. `message` says what was wrong and what is allowed. */
export const requestError = (
  status: number,
  code: ErrorCode,
  message: string,
  headers: Readonly<Record<string, string>> = {},
) => new RequestError(status, [new GraphQLError(message, { extensions: { code } })], { headers });
