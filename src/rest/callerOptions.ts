import type { RestCall } from './call.ts';
import type { CallObserver } from './callObserver.ts';
import type { Cancellation } from './cancellation.ts';
import type { OperationDeadline } from './deadline.ts';
import type { ClientQueue } from './fairQueue.ts';
import type { RoundTrips } from './roundTrips.ts';
import type { StreamLimit } from './streamLimit.ts';

/** What one caller adds to the REST calls made for it. */
export interface CallerOptions {
  /** How long one attempt of a call may take, in milliseconds, from sending it to the last byte of the response. */
  timeoutMs: number;
  /** By when all calls must have ended. Default: never. */
  deadline?: OperationDeadline | undefined;
  /** How long a stream of events may be silent, in milliseconds. Default: 120,000. */
  idleTimeoutMs?: number | undefined;
  /** The most retries of one call: see `retry.ts`. Default: 0. */
  maxRetries?: number | undefined;
  /** Each attempt waits here for its turn, and gives it back before a retry is waited for. Streams do not wait. */
  queue?: ClientQueue | undefined;
  /** Default: any number of streams. */
  streams?: StreamLimit | undefined;
  /** Counts the calls by round trip. */
  roundTrips?: (() => RoundTrips) | undefined;
  /** Cancels all calls. */
  cancellation?: Cancellation | undefined;
  /** Valid headers with names in lower case, without secrets. They override the upstream's own of the same name. */
  headers?: Readonly<Record<string, string>> | undefined;
  /** Headers as well: those that authenticate the caller. No error or result contains their values. */
  credentials?: Readonly<Record<string, string>> | undefined;
  /** Called before each attempt is sent, retries included. If it throws, nothing is sent and the call rejects with that error. */
  onCall?: ((call: RestCall) => void) | undefined;
  /** Called for each attempt that is sent. */
  observer?: CallObserver | undefined;
}

/** What a client may say of one write. */
export interface WriteOptions {
  /**
   * Sent as `Idempotency-Key`: a server that honours it carries out the write only once for all calls with the key. So the
   * write is retried like a read. Visible ASCII characters.
   */
  idempotencyKey?: string | null | undefined;
}
