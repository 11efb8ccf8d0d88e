import type { RestCall } from '../call.ts';
import { isMissingOperation } from './missingOperation.ts';

/** An error as the upstream reported it; null for what it did not report. */
export interface ApiErrorDetails {
  readonly status: number;
  readonly type: string | null;
  readonly code: string | null;
  /** Path of the offending parameter, such as `tools[0].type`. */
  readonly param: string | null;
  readonly message: string;
  readonly requestId: string | null;
  /** Seconds to wait before a retry. */
  readonly retryAfter: number | null;
}

/** The upstream rejected the call or failed: any response with status 400 or above. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly call: RestCall;
  readonly status: number;
  readonly type: string | null;
  readonly code: string | null;
  readonly param: string | null;
  readonly requestId: string | null;
  readonly retryAfter: number | null;

  constructor(call: RestCall, details: ApiErrorDetails) {
    super(details.message);
    this.call = call;
    this.status = details.status;
    this.type = details.type;
    this.code = details.code;
    this.param = details.param;
    this.requestId = details.requestId;
    this.retryAfter = details.retryAfter;
  }

  /** What the upstream reported, without the message. */
  get upstream(): Omit<ApiErrorDetails, 'message'> {
    const { status, type, code, param, requestId, retryAfter } = this;
    return { status, type, code, param, requestId, retryAfter };
  }
}

/**
 * Whether an object does not exist, by a 404 of the REST API. A 404 that is a web page comes from another server and is an
 * InvalidResponseError.
 */
export const isMissing = (error: unknown): boolean =>
  error instanceof ApiError && error.status === 404 && !isMissingOperation(error);
