import { type Dispatcher, errors } from 'undici';
import { BODY_TOO_LARGE, HEADER_OVERFLOW, type RestResponse } from './fetch.ts';

/** The headers of a response; repeated ones are joined. */
export const responseHeaders = (headers: Dispatcher.ResponseData['headers']): RestResponse['headers'] => ({
  get: (name) => {
    const value = headers[name];
    return Array.isArray(value) ? value.join(', ') : (value ?? null);
  },
});

/** Gives undici's own errors the codes that Node's HTTP client has for them. */
export const withSystemCode = (error: unknown): unknown => {
  if (error instanceof errors.SocketError) return withCode(error, 'ECONNRESET');
  if (error instanceof errors.HeadersOverflowError) return withCode(error, HEADER_OVERFLOW);
  if (error instanceof errors.HTTPParserError) return withCode(error, error.code ?? 'HPE_INVALID_CONSTANT');
  if (error instanceof errors.ResponseExceededMaxSizeError) return withCode(error, BODY_TOO_LARGE);
  return error;
};

const withCode = (error: Error, code: string) => Object.assign(error, { code });
