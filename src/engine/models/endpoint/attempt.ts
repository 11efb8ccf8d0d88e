import type { ChatDelta } from '../delta.ts';
import type { ChatRequest } from '../model.ts';
import { estimateMessageTokens } from '../tokens.ts';
import type { CompletionReader, ModelApi } from './api.ts';
import type { Call } from './call.ts';
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
  return endpointErrorOf(problemIn(call.status, text), model, retryHintsIn(call.header));
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
 * Sends one request, when the endpoint's limits allow it, and yields its completion. One generator, and no `yield*`: each costs
 * several promises for each token.
 * Rejects with `ModelError` (which `endpoint` has not cleaned of secrets), or with the reason of an aborted signal.
 */
export async function* attempt(
  endpoint: ModelEndpoint,
  api: ModelApi,
  request: ChatRequest,
  body: string,
  model: RequestedModel,
): AsyncGenerator<ChatDelta> {
  const { signal } = request;
  const permit = await endpoint.limiter.start(tokensOf(request), signal);
  let used: number | undefined;
  let call: Call | undefined;
  try {
    const clock = new TokenClock(endpoint.timeouts);
    call = await endpoint.send('POST', api.path, body, clock, signal);
    if (call.status < 200 || call.status >= 300) throw await errorIn(call, model);
    const reader = api.readerOf(request, model.sent);
    const events = new EventReader();
    for (let isOver = false; !isOver; ) {
      const piece = await nextPiece(call, reader, signal);
      for (const event of piece === undefined ? events.end() : events.feed(piece)) {
        const deltas: ChatDelta[] = [];
        if (reader.read(event, deltas)) clock.token();
        for (const delta of deltas) yield delta;
      }
      events.throwIfBroken();
      if (reader.isFinished) clock.finish();
      isOver = piece === undefined || events.isDone;
    }
    if (events.page !== undefined) throw endpointErrorOf(problemIn(call.status, events.page), model);
    for (const delta of reader.end()) {
      if (delta.type === 'usage') used = delta.promptTokens + delta.completionTokens;
      yield delta;
    }
    await drain(call);
  } finally {
    call?.close();
    permit.end(used);
  }
}
