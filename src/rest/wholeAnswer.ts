import type { Dispatcher } from 'undici';
import type { Abandonment } from './abandonment.ts';
import { decoderOf, textOf, textWithin } from './bodyText.ts';
import type { RestResponse } from './transport.ts';
import { explained, headersOf } from './undiciAnswer.ts';

/**
 * Sends a call and collects its answer, without the stream that undici's own `request` makes of a body. Resolves at the
 * answer's end, or where it breaks off: then `text()` rejects. Rejects where there is no answer at all.
 */
export const wholeAnswer = (
  agent: Dispatcher,
  request: Dispatcher.DispatchOptions,
  abandonment: Abandonment,
  maxBodyBytes: number,
): Promise<RestResponse> =>
  new Promise((resolve, reject) => {
    let answer: RestResponse | undefined;
    const pieces: Buffer[] = [];
    agent.dispatch(request, {
      onRequestStart(controller) {
        const giveUp = () => controller.abort(new Error('given up'));
        if (abandonment.happened) giveUp();
        else abandonment.remember(giveUp);
      },
      onResponseStart(_, status, received) {
        if (status < 200) return; // the answer is still to come
        const headers = headersOf(received);
        const text = () => decodedText(pieces, headers.get('content-encoding'), maxBodyBytes);
        answer = { status, headers, body: null, text };
      },
      onResponseData(_, piece) {
        pieces.push(piece);
      },
      onResponseEnd() {
        if (answer) resolve(answer);
      },
      onResponseError(_, error) {
        const reason = explained(error);
        if (answer) resolve({ ...answer, text: () => Promise.reject(reason) });
        else reject(reason);
      },
    });
  });

const decodedText = async (pieces: Buffer[], encoding: string | null, maxBytes: number): Promise<string> => {
  const decoder = decoderOf(encoding);
  return decoder ? textWithin(maxBytes, decoder.end(Buffer.concat(pieces))) : textOf(pieces);
};
