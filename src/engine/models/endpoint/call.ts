import type { Agent } from 'undici';
import { DispatchedCall } from './dispatchedCall.ts';
import type { TokenClock } from './tokenClock.ts';

export interface CallRequest {
  url: URL;
  method: 'GET' | 'POST';
  headers: Readonly<Record<string, string>>;
  body: string | null;
}

/**
 * Takes the next piece of a body. If it returns false, it is given no more. If it returns a promise, which must not reject, the
 * next piece waits for it. Must not throw.
 */
export type TakePiece = (piece: Uint8Array) => Promise<void> | boolean;

/** A response whose body is read piece by piece. */
export interface Call {
  readonly status: number;
  header(name: string): string | undefined;
  /** Passes on what follows of the body. Resolves at its end, or after `take` has returned false. Rejects as `openCall` does. */
  read(take: TakePiece): Promise<void>;
  /** Ends the call, whatever of the body has been read. */
  close(): void;
}

/**
 * Sends a request. Redirects are not followed, since they would take the key elsewhere.
 * Rejects with `ModelError` if the endpoint can't be reached or `clock` runs out, or with the reason of an aborted `signal`.
 */
export const openCall = async (
  agent: Agent,
  request: CallRequest,
  clock: TokenClock,
  signal: AbortSignal,
): Promise<Call> => {
  signal.throwIfAborted();
  const call = new DispatchedCall(clock, signal);
  await call.begin(agent, request);
  return call;
};
