import type { Dispatcher } from 'undici';
import { decodedText, decoderOf, readText } from './bodyText.ts';
import type { Cancellation } from './cancellation.ts';
import type { RestResponse } from './fetch.ts';
import { responseHeaders, withSystemCode } from './undiciResponse.ts';

/**
 * Sends a request and collects its response, without the stream that undici's own `request` makes of a body. Resolves when
 * the response has ended, or broken off: then `text()` rejects. Rejects if there is no response at all.
 */
export const bufferedResponse = (
  agent: Dispatcher,
  request: Dispatcher.DispatchOptions,
  cancellation: Cancellation,
  maxBodyBytes: number,
): Promise<RestResponse> =>
  new Promise((resolve, reject) => {
    let response: RestResponse | undefined;
    const pieces: Buffer[] = [];
    agent.dispatch(request, {
      onRequestStart(controller) {
        const abort = () => controller.abort(new Error('cancelled'));
        if (cancellation.isCancelled) abort();
        else cancellation.addListener(abort);
      },
      onResponseStart(_, status, received) {
        if (status < 200) return; // an interim response
        const headers = responseHeaders(received);
        const text = () => textOf(pieces, headers.get('content-encoding'), maxBodyBytes);
        response = { status, headers, body: null, text };
      },
      onResponseData(_, piece) {
        pieces.push(piece);
      },
      onResponseEnd() {
        if (response) resolve(response);
      },
      onResponseError(_, error) {
        const reason = withSystemCode(error);
        if (response) resolve({ ...response, text: () => Promise.reject(reason) });
        else reject(reason);
      },
    });
  });

const textOf = async (pieces: Buffer[], encoding: string | null, maxBytes: number): Promise<string> => {
  const decoder = decoderOf(encoding);
  return decoder ? readText(maxBytes, decoder.end(Buffer.concat(pieces))) : decodedText(pieces);
};
