import type { Agent, Dispatcher } from 'undici';
import { ModelError } from '../modelError.ts';
import type { Call, CallRequest, TakePiece } from './call.ts';
import type { TokenClock } from './tokenClock.ts';

/** Bytes of one response. */
const longestBody = 64 * 1024 * 1024;

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

/**
 * A call over undici's dispatcher. Pieces are passed on as they come: a stream, or a promise for each token, would cost more than what
 * is done with a token.
 */
export class DispatchedCall implements Call, Dispatcher.DispatchHandler {
  status = 0;
  #headers: Readonly<Record<string, string | string[] | undefined>> = {};
  #controller: Dispatcher.DispatchController | undefined;
  readonly #clock: TokenClock;
  readonly #signal: AbortSignal;
  readonly #abort: () => void;
  readonly #late = (late: ModelError) => this.#end(late);
  /** What has come and was not taken. */
  readonly #pieces: Uint8Array[] = [];
  #bytes = 0;
  #take: TakePiece | undefined;
  /** Resolves `begin` or `read`. */
  #settle: (() => void) | undefined;
  #isTaking = false;
  #isWhole = false;
  #isClosed = false;
  #failure: { readonly reason: unknown } | undefined;

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
    const begun = this.#settled();
    try {
      agent.dispatch(options, this);
    } catch (error) {
      this.#fail(unreachable(error));
    }
    await begun;
    if (this.#failure !== undefined) throw this.#failure.reason;
  }

  async read(take: TakePiece): Promise<void> {
    this.#take = take;
    const read = this.#settled();
    this.#passOn();
    await read;
    if (this.#failure !== undefined) throw this.#failure.reason;
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
    this.#done();
  }

  onResponseData(_: Dispatcher.DispatchController, piece: Uint8Array): void {
    this.#pieces.push(piece);
    this.#bytes += piece.length;
    if (this.#bytes > longestBody) this.#end(tooLarge());
    else this.#passOn();
  }

  onResponseEnd(): void {
    this.#isWhole = true;
    this.#passOn();
  }

  onResponseError(_: Dispatcher.DispatchController, error: Error): void {
    this.#fail(unreachable(error));
  }

  /** Waits for the response to begin, or for `take` to have taken what it wants. */
  #settled(): Promise<void> {
    this.#clock.start(this.#late);
    return new Promise((resolve) => {
      this.#settle = resolve;
    });
  }

  #done() {
    this.#clock.pause();
    this.#take = undefined;
    this.#settle?.();
    this.#settle = undefined;
  }

  /** Passes on what has come. The time that readers take is not counted. */
  #passOn() {
    if (this.#take === undefined || this.#isTaking) {
      if (!this.#isWhole) this.#controller?.pause();
      return;
    }
    this.#clock.pause();
    for (let piece = this.#pieces.shift(); piece !== undefined; piece = this.#pieces.shift()) {
      const taken = this.#take(piece);
      if (taken === false) return this.#done();
      if (taken !== true) return void this.#continueAfter(taken);
    }
    if (this.#isWhole || this.#failure !== undefined) return this.#done();
    this.#clock.start(this.#late);
    this.#controller?.resume();
  }

  async #continueAfter(taken: Promise<void>) {
    this.#isTaking = true;
    await taken;
    this.#isTaking = false;
    this.#passOn();
  }

  /** Ends the call at once: what has not been taken is dropped. */
  #end(reason: unknown) {
    this.#pieces.length = 0;
    this.#failure ??= { reason };
    this.close();
    this.#done();
  }

  /** What has come before the failure is still passed on. */
  #fail(reason: unknown) {
    this.#failure ??= { reason };
    this.close();
    if (this.#take === undefined) this.#done();
    else this.#passOn();
  }
}
