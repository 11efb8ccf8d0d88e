import type { RestCall } from './call.ts';
import { InvalidResponseError } from './errors/invalidResponseError.ts';
import type { RestResponse } from './transport.ts';

const SHOWN_CHARACTERS = 100;

/** An InvalidResponseError about this answer; `clean` strikes secrets out of what it shows. */
export const invalidResponse = (
  call: RestCall,
  { status, headers }: Pick<RestResponse, 'status' | 'headers'>,
  problem: string,
  clean: (text: string) => string,
): InvalidResponseError => {
  const contentType = headers.get('content-type');
  const shown = contentType === null ? null : clean(contentType).slice(0, SHOWN_CHARACTERS);
  return new InvalidResponseError(call, { status, contentType: shown }, problem);
};
