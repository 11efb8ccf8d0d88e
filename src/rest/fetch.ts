import type { Readable } from 'node:stream';
import type { Cancellation } from './cancellation.ts';

/**
 * The HTTP client of REST calls. An implementation sends one request, follows no redirect (credentials must not follow
 * one) and limits the size of a body. It may reject with any error; of a system error only its `code`, or that of its
 * cause, is used.
 */
export type Fetch = (url: string, init: FetchInit) => Promise<RestResponse>;

export interface FetchInit {
  method: string;
  headers: Record<string, string>;
  body?: string;
  /** In place of `body`: sent as it is read. Its length is in the headers. */
  upload?: Readable;
  /** The response may last for minutes: it must not occupy a connection meant for short calls. */
  streaming?: boolean;
  /** Cancels the request, also while its body is read. */
  cancellation: Cancellation;
}

/** What is used of a response: `text()`, or `body` if `streaming` was set; never both. The global Response is one. */
export interface RestResponse {
  readonly status: number;
  readonly headers: { get(name: string): string | null };
  readonly body: AsyncIterable<Uint8Array> | null;
  text(): string | Promise<string>;
}

/** The `code` of the error for a body that exceeds the limit. */
export const BODY_TOO_LARGE = 'BODY_TOO_LARGE';

/** The `code` of the error for a header that exceeds the limit: that of Node's HTTP parser. */
export const HEADER_OVERFLOW = 'HPE_HEADER_OVERFLOW';
