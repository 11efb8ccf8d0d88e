import type { Dispatcher } from 'undici';
import { pipeline } from 'node:stream';
import type { Abandonment } from './abandonment.ts';
import { decoderOf, textWithin } from './bodyText.ts';
import type { RestResponse } from './transport.ts';
import { explained, headersOf } from './undiciAnswer.ts';

/** Sends a call, and resolves once its answer begins. Rejects where there is none. */
export const streamedAnswer = async (
  agent: Dispatcher,
  request: Dispatcher.DispatchOptions,
  abandonment: Abandonment,
  maxBodyBytes: number,
): Promise<RestResponse> => {
  const answer = await agent.request({ ...request, signal: abandonment.signal }).catch((error: unknown) => {
    throw explained(error);
  });
  const headers = headersOf(answer.headers);
  const decoder = decoderOf(headers.get('content-encoding'));
  // A failure of either is seen by whoever reads the decoder.
  if (decoder) pipeline(answer.body, decoder, () => {});
  const body = decoder ?? answer.body;
  return { status: answer.statusCode, headers, body, text: () => textWithin(maxBodyBytes, body) };
};
