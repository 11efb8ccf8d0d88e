import type { Agent } from 'undici';
import { ModelError } from '../modelError.ts';
import type { TokenClock } from './tokenClock.ts';

/** Bytes of one response. */
const longestBody = 64 * 1024 * 1024;

export interface CallRequest {
  url: URL;
  method: 'GET' | 'POST';
  headers: Readonly<Record<string, string>>;
  body: string | null;
}

/** A response whose body is read piece by piece. */
export interface Call {
  readonly status: number;
  readonly header: (name: string) => string | undefined;
  /** The next piece; undefined at the end. Rejects as `openCall` does. */
  read(): Promise<Uint8Array | undefined>;
  /** Ends the call, whatever of the body has been read. */
  close(): void;
}

const causeOf = (error: unknown): string => {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return /^[A-Z_]+$/.test(code) ? ` (${code})` : '';
};

const unreachable = (error: unknown) =>
  new ModelError(
    'server_error',
    `The model endpoint could not be reached, or closed the connection${causeOf(error)}.`,
    {
      isRetryable: true,
    },
  );

/**
 * Sends a request. Redirects are not followed, since they would take the key elsewhere.
 * Rejects with `ModelError` if the endpoint can't be reached or `clock` runs out, or with the reason of an aborted `signal`.
 */
export const openCall = async (
  agent: Agent,
  { url, method, headers, body }: CallRequest,
  clock: TokenClock,
  signal: AbortSignal,
): Promise<Call> => {
  signal.throwIfAborted();
  const ending = new AbortController();
  let isWhole = false;
  const abort = () => ending.abort(signal.reason);
  signal.addEventListener('abort', abort, { once: true });
  const close = () => {
    signal.removeEventListener('abort', abort);
    if (!isWhole) ending.abort();
  };
  const within = async <T>(work: Promise<T>): Promise<T> => {
    try {
      return await clock.wait(work, (late) => ending.abort(late));
    } catch (error) {
      const reason: unknown = ending.signal.aborted ? ending.signal.reason : unreachable(error);
      close();
      throw reason;
    }
  };

  const path = url.pathname + url.search;
  const request = { origin: url.origin, path, method, headers, body, signal: ending.signal };
  const response = await within(agent.request(request));
  response.body.on('error', () => undefined); // Reported by the read that is waiting, if there is one.
  const pieces = response.body[Symbol.asyncIterator]() as AsyncIterator<Uint8Array, undefined>;
  let bytes = 0;
  return {
    status: response.statusCode,
    header: (name) => {
      const value = response.headers[name];
      return Array.isArray(value) ? value[0] : value;
    },
    read: async () => {
      const { value } = await within(pieces.next());
      isWhole = value === undefined;
      bytes += value?.length ?? 0;
      if (bytes <= longestBody) return value;
      close();
      throw new ModelError('server_error', 'The model endpoint sent a completion larger than 64 MiB.');
    },
    close,
  };
};
