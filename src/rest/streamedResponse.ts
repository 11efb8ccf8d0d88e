import { pipeline } from 'node:stream';
import type { Dispatcher } from 'undici';
import { decoderOf, responseText } from './bodyText.ts';
import type { Cancellation } from './cancellation.ts';
import type { RestResponse } from './fetch.ts';
import { responseHeaders, withSystemCode } from './undiciResponse.ts';

/** Sends a request and resolves when its response begins. Rejects if there is none. */
export const streamedResponse = async (
  agent: Dispatcher,
  request: Dispatcher.DispatchOptions,
  cancellation: Cancellation,
  maxBodyBytes: number,
): Promise<RestResponse> => {
  const response = await agent.request({ ...request, signal: cancellation.signal }).catch((error: unknown) => {
    throw withSystemCode(error);
  });
  const headers = responseHeaders(response.headers);
  const decoder = decoderOf(headers.get('content-encoding'));
  // An error of either reaches the reader of the decoder.
  if (decoder) pipeline(response.body, decoder, () => {});
  const body = decoder ?? response.body;
  return {
    status: response.statusCode,
    headers,
    body,
    text: () => responseText(response.statusCode, maxBodyBytes, body),
  };
};
