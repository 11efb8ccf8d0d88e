import { STATUS_CODES } from 'node:http';
import type { RestCall } from './call.ts';
import { ApiError } from './errors/apiError.ts';
import type { InvalidResponseError } from './errors/invalidResponseError.ts';
import { invalidResponse } from './invalidResponse.ts';
import type { RestResponse } from './transport.ts';

/** Longer messages are cut: some servers put the whole request into theirs. */
const MESSAGE_CHARACTERS = 2_000;

/**
 * What an answer with status 400 or above means. A 404 that is neither JSON nor empty does not speak for the object: it
 * comes from a server that does not know the path at all, and so is an InvalidResponseError.
 */
export const refusalOf = (
  call: RestCall,
  response: RestResponse,
  text: string,
  clean: (text: string) => string,
): ApiError | InvalidResponseError => {
  const { status, headers } = response;
  const body = objectIn(text);
  if (status === 404 && body === undefined && text.trim() !== '') {
    return invalidResponse(call, response, 'does not come from the REST API: is the base URL right?', clean);
  }
  return new ApiError(call, {
    ...explained(call, status, errorIn(body), clean),
    status,
    requestId: requestIdOf(headers),
    retryAfter: retryAfterOf(headers),
  });
};

/**
 * What an `error` event means that comes after a stream began well. It has no status of its own: it gets the one that the
 * same failure has in an answer.
 */
export const streamedRefusalOf = (
  call: RestCall,
  { headers }: RestResponse,
  data: string,
  clean: (text: string) => string,
): ApiError => {
  const error = errorIn(objectIn(data));
  const status = error['code'] === 'rate_limit_exceeded' ? 429 : 500;
  return new ApiError(call, {
    ...explained(call, status, error, clean),
    status,
    requestId: requestIdOf(headers),
    retryAfter: null,
  });
};

/** The members of an error body. Azure leaves out any of them, and sends some codes as numbers. */
const explained = (
  { method, path }: RestCall,
  status: number,
  error: Record<string, unknown>,
  clean: (text: string) => string,
) => {
  const told = (member: string) => {
    const value = error[member];
    if (typeof value !== 'string' && typeof value !== 'number') return null;
    return value === '' ? null : clean(String(value)).slice(0, MESSAGE_CHARACTERS);
  };
  const code = told('code');
  const reason = code ?? STATUS_CODES[status];
  return {
    type: told('type'),
    code,
    param: told('param'),
    message:
      told('message') ??
      `${method} ${path}: the upstream answered ${status}${reason === undefined ? '' : ` (${reason})`}`,
  };
};

/** The error in the shapes seen: `{error: {message…}}`, `{error: "text"}`, `{message…}`, and FastAPI's `{detail}`. */
const errorIn = (body: Record<string, unknown> = {}): Record<string, unknown> => {
  const { error, detail } = body;
  if (isObject(error)) return error;
  if (typeof error === 'string') return { ...body, message: body['message'] ?? error };
  if (typeof detail === 'string') return { ...body, message: body['message'] ?? detail };
  if (Array.isArray(detail) && isObject(detail[0])) return { message: detail[0]['msg'], ...pathIn(detail[0]['loc']) };
  return body;
};

const pathIn = (loc: unknown) => (Array.isArray(loc) && loc.length > 1 ? { param: loc.slice(1).join('.') } : {});

const objectIn = (text: string): Record<string, unknown> | undefined => {
  try {
    const body: unknown = JSON.parse(text);
    return isObject(body) ? body : {};
  } catch {
    return undefined;
  }
};

const requestIdOf = (headers: RestResponse['headers']) => headers.get('x-request-id') ?? headers.get('apim-request-id');

/** Seconds, from `retry-after-ms`, or `retry-after` in seconds or as a date. Null where there is none, or one that makes no sense. */
const retryAfterOf = (headers: RestResponse['headers']): number | null => {
  const milliseconds = Number.parseFloat(headers.get('retry-after-ms') ?? '');
  if (milliseconds >= 0) return milliseconds / 1000;
  const text = headers.get('retry-after') ?? '';
  const seconds = Number(text || Number.NaN);
  if (!Number.isNaN(seconds)) return seconds >= 0 ? seconds : null;
  const untilDate = (Date.parse(text) - Date.now()) / 1000;
  return Number.isNaN(untilDate) ? null : Math.max(0, untilDate);
};

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
