import type { ChatDelta } from '../delta.ts';
import type { ChatRequest } from '../model.ts';
import { estimateMessageTokens } from '../tokens.ts';
import type { CompletionReader, ModelApi } from './api.ts';
import type { Call } from './call.ts';
import type { CallPermit } from './callLimiter.ts';
import type { ModelEndpoint } from './modelEndpoint.ts';
import { endpointErrorOf } from './endpointError.ts';
import { EventReader } from './events.ts';
import { problemIn } from './problem.ts';
import { retryHintsIn } from './retryHints.ts';
import { TokenClock } from './tokenClock.ts';

/** Bytes of an error response that are read. */
const longestError = 64 * 1024;

/** The names of the model that a request is for. */
export interface RequestedModel {
  /** As the endpoint calls it. */
  sent: string;
  /** As the run calls it. */
  asked: string;
}

const errorIn = async (call: Call, model: RequestedModel) => {
  const decoder = new TextDecoder();
  let text = '';
  while (text.length < longestError) {
    const piece = await call.read();
    if (piece === undefined) break;
    text += decoder.decode(piece, { stream: true });
  }
  return endpointErrorOf(
    problemIn(call.status, text),
    model,
    retryHintsIn((name) => call.header(name)),
  );
};

/** Reads what is left after the completion, so that the connection can be used again; gives up after the clock's time. */
const drain = async (call: Call) => {
  try {
    while ((await call.read()) !== undefined);
  } catch {
    // The completion is whole: how its connection ends does not matter.
  } finally {
    call.close();
  }
};

/** The next piece; undefined at the end, and wherever a completion that has finished breaks off. */
const nextPiece = async (call: Call, reader: CompletionReader, signal: AbortSignal) => {
  try {
    return await call.read();
  } catch (error) {
    if (reader.isFinished && !signal.aborted) return undefined;
    throw error;
  }
};

/** How many tokens a request may take, for the limit of tokens per minute. */
const tokensOf = ({ messages, maxTokens }: ChatRequest): number =>
  messages.reduce((sum, message) => sum + estimateMessageTokens(message), maxTokens ?? 0);

/**
 * One request for a completion. No generator: each costs several promises for each token.
 * Errors are `ModelError`s (which the endpoint has not cleaned of secrets), or the reason of an aborted signal.
 */
export class Attempt {
  readonly #endpoint: ModelEndpoint;
  readonly #model: RequestedModel;
  readonly #signal: AbortSignal;
  readonly #reader: CompletionReader;
  readonly #events = new EventReader();
  readonly #clock: TokenClock;
  readonly #permit: CallPermit;
  #call: Call | undefined;
  #usedTokens: number | undefined;
  #isOver = false;
  #isEnded = false;
  #failure: { readonly reason: unknown } | undefined;

  private constructor(
    endpoint: ModelEndpoint,
    model: RequestedModel,
    signal: AbortSignal,
    reader: CompletionReader,
    permit: CallPermit,
  ) {
    this.#endpoint = endpoint;
    this.#model = model;
    this.#signal = signal;
    this.#reader = reader;
    this.#permit = permit;
    this.#clock = new TokenClock(endpoint.timeouts);
  }

  /** Sends the request once the endpoint's limits allow it. The attempt has to be ended, whatever comes of it. */
  static async begin(
    endpoint: ModelEndpoint,
    api: ModelApi,
    request: ChatRequest,
    body: string,
    model: RequestedModel,
  ): Promise<Attempt> {
    const { signal } = request;
    const permit = await endpoint.limiter.start(tokensOf(request), signal);
    const attempt = new Attempt(endpoint, model, signal, api.readerOf(request, model.sent), permit);
    try {
      await attempt.#send(api.path, body);
      return attempt;
    } catch (error) {
      attempt.end();
      throw error;
    }
  }

  /** What the endpoint has sent next of the completion; empty at its end. Rejects after what was sent before the failure. */
  async next(): Promise<readonly ChatDelta[]> {
    const deltas: ChatDelta[] = [];
    while (deltas.length === 0 && !this.#isOver) {
      if (this.#failure !== undefined) throw this.#failure.reason;
      try {
        await this.#read(deltas);
      } catch (reason) {
        this.#failure = { reason };
      }
    }
    return deltas;
  }

  /** Has no effect on an attempt that has been ended. */
  end(): void {
    if (this.#isEnded) return;
    this.#isEnded = true;
    this.#call?.close();
    this.#permit.end(this.#usedTokens);
  }

  async #send(path: string, body: string) {
    this.#call = await this.#endpoint.send('POST', path, body, this.#clock, this.#signal);
    const { status } = this.#call;
    if (status < 200 || status >= 300) throw await errorIn(this.#call, this.#model);
  }

  /** Reads one piece, and appends the deltas that it completes; those at the end of the completion too. */
  async #read(deltas: ChatDelta[]) {
    const call = this.#call;
    if (call === undefined) return;
    const reader = this.#reader;
    const events = this.#events;
    const piece = await nextPiece(call, reader, this.#signal);
    for (const event of piece === undefined ? events.end() : events.feed(piece)) {
      if (reader.read(event, deltas)) this.#clock.token();
    }
    events.throwIfBroken();
    if (reader.isFinished) this.#clock.finish();
    if (piece !== undefined && !events.isDone) return;
    if (events.page !== undefined) throw endpointErrorOf(problemIn(call.status, events.page), this.#model);
    for (const delta of reader.end()) {
      if (delta.type === 'usage') this.#usedTokens = delta.promptTokens + delta.completionTokens;
      deltas.push(delta);
    }
    this.#isOver = true;
    await drain(call);
  }
}
