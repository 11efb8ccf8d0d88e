import type { Duplex } from 'node:stream';
import type { Dispatcher } from 'undici';
import { decodedText, decoderOf, isCutOff, MAX_ERROR_BYTES, responseText } from './bodyText.ts';
import type { Cancellation } from './cancellation.ts';
import type { RestResponse } from './fetch.ts';
import { responseHeaders, withSystemCode } from './undiciResponse.ts';

/**
 * Sends a request and collects its response, without the stream that undici's own `request` makes of a body. Resolves when
 * the response has ended, or broken off: then `text()` rejects. Rejects if there is no response at all. A body is cut off as
 * soon as more than `maxBodyBytes` of it have been decoded; the dispatcher limits what is received.
 */
export const bufferedResponse = (
  agent: Dispatcher,
  request: Dispatcher.DispatchOptions,
  cancellation: Cancellation,
  maxBodyBytes: number,
): Promise<RestResponse> =>
  new Promise((resolve, reject) => {
    let head: Omit<RestResponse, 'text'> | undefined;
    let body: ReceivedBody | undefined;
    let cancel: (() => void) | undefined;
    const end = (error?: unknown) => {
      if (cancel !== undefined) cancellation.removeListener(cancel);
      if (head === undefined || body === undefined) return reject(error);
      const { status, headers } = head;
      const { text } = body;
      body.end(error);
      resolve({ status, headers, body: null, text });
    };
    agent.dispatch(request, {
      onRequestStart(controller) {
        const abort = () => controller.abort(new Error('cancelled'));
        cancel = abort;
        if (cancellation.isCancelled) abort();
        else cancellation.addListener(abort);
      },
      onResponseStart(controller, status, received) {
        if (status < 200) return; // an interim response
        const headers = responseHeaders(received);
        const decoder = decoderOf(headers.get('content-encoding'));
        head = { status, headers, body: null };
        body = decoder ? decodedBody(decoder, status, maxBodyBytes, controller) : plainBody(status, controller);
      },
      onResponseData(_, piece) {
        body?.add(piece);
      },
      onResponseEnd() {
        end();
      },
      onResponseError(_, error) {
        end(withSystemCode(error));
      },
    });
  });

/** A body while it is received. */
interface ReceivedBody {
  add(piece: Buffer): void;
  /** With an error if the body broke off. */
  end(error?: unknown): void;
  /** Called once the body has ended. */
  readonly text: () => string | Promise<string>;
}

const cutOff = new Error('cut off');

const plainBody = (status: number, controller: Dispatcher.DispatchController): ReceivedBody => {
  const pieces: Buffer[] = [];
  const isError = isCutOff(status);
  let length = 0;
  let failure: { readonly reason: unknown } | undefined;
  return {
    add(piece) {
      pieces.push(piece);
      if (!isError) return;
      length += piece.length;
      // Not while undici parses: it would then open a connection for every later call.
      if (length >= MAX_ERROR_BYTES) setImmediate(() => controller.abort(cutOff));
    },
    end(error) {
      if (error !== undefined && error !== cutOff) failure = { reason: error };
    },
    text: () => (failure ? Promise.reject(failure.reason) : decodedText(pieces)),
  };
};

/** Decodes while it receives, so that a small body that decodes to a huge one is noticed in time. */
const decodedBody = (
  decoder: Duplex,
  status: number,
  maxBytes: number,
  controller: Dispatcher.DispatchController,
): ReceivedBody => {
  let hasEnded = false;
  const text = responseText(status, maxBytes, decoder).finally(() => {
    if (!hasEnded) controller.abort(cutOff);
  });
  text.catch(() => {}); // reported by `text()`
  return {
    add(piece) {
      if (decoder.destroyed || decoder.write(piece)) return;
      controller.pause();
      decoder.once('drain', () => controller.resume());
    },
    end(error) {
      hasEnded = true;
      if (error === undefined || error === cutOff) decoder.end();
      else decoder.destroy(error instanceof Error ? error : undefined);
    },
    text: () => text,
  };
};
