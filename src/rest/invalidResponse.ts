import type { RestCall } from './call.ts';
import { InvalidResponseError } from './errors/invalidResponseError.ts';
import type { RestResponse } from './fetch.ts';

const SHOWN_CHARACTERS = 100;

/** The InvalidResponseError of this response. */
export const invalidResponse = (
  call: RestCall,
  { status, headers }: Pick<RestResponse, 'status' | 'headers'>,
  problem: string,
  isBrokenOff = false,
): InvalidResponseError => {
  const contentType = headers.get('content-type');
  const shown = contentType?.slice(0, SHOWN_CHARACTERS) ?? null;
  return new InvalidResponseError(call, { status, contentType: shown, isBrokenOff }, problem);
};
