import type { ChatDelta } from '../delta.ts';
import type { ChatRequest, TakeDelta } from '../model.ts';
import { estimateMessageTokens } from '../tokens.ts';
import type { CompletionReader, ModelApi } from './api.ts';
import type { Call } from './call.ts';
import type { ModelEndpoint } from './modelEndpoint.ts';
import { endpointErrorOf } from './endpointError.ts';
import type { JsonObject } from './json.ts';
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
  await call.read((piece) => {
    text += decoder.decode(piece, { stream: true });
    return text.length < longestError;
  });
  return endpointErrorOf(
    problemIn(call.status, text),
    model,
    retryHintsIn((name) => call.header(name)),
  );
};

/** Reads what is left after the completion, so that the connection can be used again; gives up after the clock's time. */
const drain = (call: Call): Promise<void> =>
  call
    .read(() => true)
    // The completion is whole: how its connection ends does not matter.
    .catch(() => undefined);

/** What is done with the events of a completion, until the endpoint has sent all of it. */
class Completion {
  readonly events = new EventReader();
  readonly reader: CompletionReader;
  readonly #clock: TokenClock;
  readonly #take: TakeDelta;
  /** What a piece was rejected with. */
  #failure: { readonly reason: unknown } | undefined;

  constructor(reader: CompletionReader, clock: TokenClock, take: TakeDelta) {
    this.reader = reader;
    this.#clock = clock;
    this.#take = take;
  }

  /** Takes the next piece of the body, or its end. Returns false if nothing more is to be read, or what has to be waited for. */
  readonly take = (piece: Uint8Array | undefined): Promise<void> | boolean => {
    try {
      let waiting: Promise<void> | undefined;
      for (const event of piece === undefined ? this.events.end() : this.events.feed(piece)) {
        waiting = this.#takeEvent(event) ?? waiting;
      }
      this.events.throwIfBroken();
      if (this.reader.isFinished) this.#clock.finish();
      return this.events.isDone ? false : (waiting ?? true);
    } catch (reason) {
      this.#failure = { reason };
      return false;
    }
  };

  throwIfFailed(): void {
    if (this.#failure !== undefined) throw this.#failure.reason;
  }

  #takeEvent(event: JsonObject) {
    const deltas: ChatDelta[] = [];
    if (this.reader.read(event, deltas)) this.#clock.token();
    let waiting: Promise<void> | undefined;
    for (const delta of deltas) waiting = this.#take(delta) ?? waiting;
    return waiting;
  }
}

/** Reads all events; a completion that has finished may break off. */
const readEvents = async (call: Call, completion: Completion, signal: AbortSignal) => {
  try {
    await call.read(completion.take);
  } catch (error) {
    if (!completion.reader.isFinished || signal.aborted) throw error;
  }
  completion.throwIfFailed();
  if (completion.events.isDone) return;
  await completion.take(undefined);
  completion.throwIfFailed();
};

/** How many tokens a request may take, for the limit of tokens per minute. */
const tokensOf = ({ messages, maxTokens }: ChatRequest): number =>
  messages.reduce((sum, message) => sum + estimateMessageTokens(message), maxTokens ?? 0);

/**
 * Sends one request, when the endpoint's limits allow it, and passes on its completion.
 * Rejects with `ModelError` (which `endpoint` has not cleaned of secrets), with the reason of an aborted signal, or as `take` throws.
 */
export const attempt = async (
  endpoint: ModelEndpoint,
  api: ModelApi,
  request: ChatRequest,
  body: string,
  model: RequestedModel,
  take: TakeDelta,
): Promise<void> => {
  const { signal } = request;
  const permit = await endpoint.limiter.start(tokensOf(request), signal);
  let used: number | undefined;
  let call: Call | undefined;
  try {
    const clock = new TokenClock(endpoint.timeouts);
    call = await endpoint.send('POST', api.path, body, clock, signal);
    if (call.status < 200 || call.status >= 300) throw await errorIn(call, model);
    const completion = new Completion(api.readerOf(request, model.sent), clock, take);
    await readEvents(call, completion, signal);
    const { events, reader } = completion;
    if (events.page !== undefined) throw endpointErrorOf(problemIn(call.status, events.page), model);
    for (const delta of reader.end()) {
      if (delta.type === 'usage') used = delta.promptTokens + delta.completionTokens;
      await take(delta);
    }
    await drain(call);
  } finally {
    call?.close();
    permit.end(used);
  }
};
