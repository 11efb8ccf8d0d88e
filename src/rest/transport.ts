import type { Abandonment } from './abandonment.ts';

/**
 * How the REST client reaches its upstream. An implementation sends one request and follows no redirect (credentials
 * must not go where a redirect points), and bounds the size of a body. It may reject with anything; of a system
 * error the `code`, or that of its cause, is looked at.
 */
export type Fetch = (url: string, init: FetchInit) => Promise<RestResponse>;

export interface FetchInit {
  method: string;
  headers: Record<string, string>;
  body?: string;
  /** The answer may go on for minutes: it must not take a connection's place away from short calls. */
  streaming?: boolean;
  /** Happens when the answer is no longer wanted, also while its body is read. */
  abandonment: Abandonment;
}

/** What is read of an answer: `text()`, or if it was asked for as `streaming`, `body`; never both. The global Response is one. */
export interface RestResponse {
  readonly status: number;
  readonly headers: { get(name: string): string | null };
  readonly body: AsyncIterable<Uint8Array> | null;
  text(): Promise<string>;
}

/** The `code` of the error with which a body that is too large is given up. */
export const BODY_TOO_LARGE = 'BODY_TOO_LARGE';
