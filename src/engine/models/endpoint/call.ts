import type { Agent, Dispatcher } from 'undici';
import { ModelError } from '../modelError.ts';
import type { TokenClock } from './tokenClock.ts';

/** Bytes of one response. */
const longestBody = 64 * 1024 * 1024;
/** Bytes that may wait to be read. Above, nothing more is read from the connection. */
const mostWaiting = 256 * 1024;

export interface CallRequest {
  url: URL;
  method: 'GET' | 'POST';
  headers: Readonly<Record<string, string>>;
  body: string | null;
}

/** A response whose body is read piece by piece. */
export interface Call {
  readonly status: number;
  header(name: string): string | undefined;
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

const tooLarge = () => new ModelError('server_error', 'The model endpoint sent a completion larger than 64 MiB.');

/** What a connection is closed with if its response is not wanted any more. */
const closed = new Error('The call was closed.');

/** A call over undici's dispatcher: a stream would cost as much for each token as everything else that is done with it. */
class DispatchedCall implements Call, Dispatcher.DispatchHandler {
  status = 0;
  #headers: Readonly<Record<string, string | string[] | undefined>> = {};
  #controller: Dispatcher.DispatchController | undefined;
  readonly #clock: TokenClock;
  readonly #signal: AbortSignal;
  readonly #abort: () => void;
  #pieces: Uint8Array[] = [];
  #waitingBytes = 0;
  #bytes = 0;
  #isWhole = false;
  #isClosed = false;
  #failure: { readonly reason: unknown } | undefined;
  #settle: (() => void) | undefined;

  constructor(clock: TokenClock, signal: AbortSignal) {
    this.#clock = clock;
    this.#signal = signal;
    this.#abort = () => this.#end(signal.reason);
    signal.addEventListener('abort', this.#abort, { once: true });
  }

  header(name: string): string | undefined {
    const value = this.#headers[name];
    return Array.isArray(value) ? value[0] : value;
  }

  /** Resolves once the response begins. */
  async begin(agent: Agent, { url, method, headers, body }: CallRequest): Promise<void> {
    const options = { origin: url.origin, path: url.pathname + url.search, method, headers, body };
    try {
      agent.dispatch(options, this);
    } catch (error) {
      this.#fail(unreachable(error));
    }
    if (this.status === 0 && this.#failure === undefined) await this.#change();
    if (this.status === 0) throw this.#failure?.reason;
  }

  async read(): Promise<Uint8Array | undefined> {
    if (this.#pieces.length === 0 && !this.#isWhole && this.#failure === undefined) await this.#change();
    const piece = this.#pieces.shift();
    if (piece === undefined) {
      if (this.#failure !== undefined) throw this.#failure.reason;
      return undefined;
    }
    this.#waitingBytes -= piece.length;
    if (this.#waitingBytes <= mostWaiting) this.#controller?.resume();
    return piece;
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#signal.removeEventListener('abort', this.#abort);
    this.#clock.stop();
    if (!this.#isWhole) this.#controller?.abort(closed);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (this.#isClosed) controller.abort(closed);
  }

  onResponseStart(
    _: Dispatcher.DispatchController,
    status: number,
    headers: Readonly<Record<string, string | string[] | undefined>>,
  ): void {
    if (status < 200) return; // The response follows.
    this.status = status;
    this.#headers = headers;
    this.#changed();
  }

  onResponseData(controller: Dispatcher.DispatchController, piece: Uint8Array): void {
    this.#pieces.push(piece);
    this.#waitingBytes += piece.length;
    this.#bytes += piece.length;
    if (this.#bytes > longestBody) this.#end(tooLarge());
    else if (this.#waitingBytes > mostWaiting) controller.pause();
    this.#changed();
  }

  onResponseEnd(): void {
    this.#isWhole = true;
    this.#changed();
  }

  onResponseError(_: Dispatcher.DispatchController, error: Error): void {
    this.#fail(unreachable(error));
  }

  /** Ends the call at once: what has not been read is dropped. */
  #end(reason: unknown) {
    this.#pieces = [];
    this.#fail(reason);
  }

  /** What has come by then can still be read. */
  #fail(reason: unknown) {
    this.#failure ??= { reason };
    this.close();
    this.#changed();
  }

  /** Resolves when something has come, or the call has ended. */
  #change(): Promise<void> {
    this.#clock.start((late) => this.#end(late));
    return new Promise((resolve) => {
      this.#settle = resolve;
    });
  }

  #changed() {
    if (this.#settle === undefined) return;
    this.#clock.pause();
    this.#settle();
    this.#settle = undefined;
  }
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
