import { withinDeadline } from './deadline.ts';
import { InvalidResponseError } from './errors/invalidResponseError.ts';
import type { RestResponse } from './fetch.ts';
import { readResult } from './readResult.ts';
import { connectionOf, type StreamCall } from './stream.ts';
import type { ParseBody } from './parseBody.ts';
import type { RestCall } from './call.ts';

/** The content of a file while it arrives. */
export interface Download {
  /** The response header `content-disposition`, which may name the file. */
  readonly disposition: string | null;
  /** In bytes; null if the server does not say. */
  readonly length: number | null;
  /** Read only as fast as it is consumed. Rejects as other calls do. */
  readonly content: AsyncIterableIterator<Uint8Array, undefined, undefined>;
}

/** Resolves when the content begins. Rejects as other calls do. */
export const downloadOf = async (stream: StreamCall): Promise<Download> => {
  const connection = connectionOf(stream, acceptedContent);
  const { response } = await connection.begin();
  const { headers } = response;
  const length = headers.get('content-encoding') === null ? headers.get('content-length') : null;
  return {
    disposition: headers.get('content-disposition'),
    length: length === null ? null : Number(length),
    content: contentOf(stream, connection),
  };
};

async function* contentOf(
  { call, idleTimeoutMs }: StreamCall,
  { begin, end, own }: ReturnType<typeof connectionOf>,
): AsyncGenerator<Uint8Array, undefined, undefined> {
  try {
    const { chunks } = await begin();
    for (;;) {
      const chunk = await withinDeadline(call, idleTimeoutMs, own, () => chunks.read().catch(() => brokenOff(call)));
      if (chunk === undefined) return undefined;
      yield chunk;
    }
  } finally {
    end();
  }
}

const brokenOff = (call: RestCall) => {
  throw new InvalidResponseError(
    call,
    { status: null, contentType: null, isBrokenOff: true },
    'broke off before its end',
  );
};

/** The response if it is a success, whatever its type; otherwise rejects with the error that it is. */
const acceptedContent = async (call: RestCall, response: RestResponse): Promise<RestResponse> =>
  response.status < 300 ? response : readResult(call, response, rejectUnexpected);

const rejectUnexpected: ParseBody<never> = (_body, invalid) => {
  throw invalid('is not the content of a file');
};
