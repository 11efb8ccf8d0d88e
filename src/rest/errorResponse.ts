import { STATUS_CODES } from 'node:http';
import type { RestCall } from './call.ts';
import { ApiError } from './errors/apiError.ts';
import type { InvalidResponseError } from './errors/invalidResponseError.ts';
import { MAX_ERROR_BYTES } from './bodyText.ts';
import { invalidResponse } from './invalidResponse.ts';
import type { RestResponse } from './fetch.ts';

/** Longer messages are cut: some servers include the whole request. */
const MESSAGE_CHARACTERS = 2_000;

/**
 * The error of a response with status 400 or above. A 404 that is neither JSON nor empty says nothing about the object: it
 * comes from a server that does not know the path, and is an InvalidResponseError.
 */
export const apiErrorOf = (call: RestCall, response: RestResponse, text: string): ApiError | InvalidResponseError => {
  const { status, headers } = response;
  const body = objectIn(text) ?? cutObjectIn(text);
  if (status === 404 && body === undefined && text.trim() !== '') {
    return invalidResponse(call, response, 'does not come from the REST API: is the base URL right?');
  }
  return new ApiError(call, {
    ...explained(call, status, errorIn(body)),
    status,
    requestId: requestIdOf(headers),
    retryAfter: retryAfterOf(headers),
  });
};

/**
 * The error of an `error` event in a stream. Such an event has no status: it gets the one that the same error has as a
 * response.
 */
export const streamedApiErrorOf = (call: RestCall, { headers }: RestResponse, data: string): ApiError => {
  const error = errorIn(objectIn(data));
  const status = error['code'] === 'rate_limit_exceeded' ? 429 : 500;
  return new ApiError(call, {
    ...explained(call, status, error),
    status,
    requestId: requestIdOf(headers),
    retryAfter: null,
  });
};

/** The members of an error body. Azure omits some of them, and sends some codes as numbers. */
const explained = ({ method, path }: RestCall, status: number, error: Record<string, unknown>) => {
  const textOf = (member: string) => {
    const value = error[member];
    if (typeof value !== 'string' && typeof value !== 'number') return null;
    return value === '' ? null : String(value).slice(0, MESSAGE_CHARACTERS);
  };
  const code = textOf('code');
  const reason = code ?? STATUS_CODES[status];
  return {
    type: textOf('type'),
    code,
    param: textOf('param'),
    message:
      textOf('message') ??
      `${method} ${path}: the upstream responded with ${status}${reason === undefined ? '' : ` (${reason})`}`,
  };
};

/** The error object, in any known shape: `{error: {message…}}`, `{error: "text"}`, `{message…}`, and FastAPI's `{detail}`. */
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

/** The message in the beginning of a long error body, whose end was cut off: some servers include the whole request. */
const cutObjectIn = (text: string): Record<string, unknown> | undefined => {
  if (text.length < MAX_ERROR_BYTES / 2 || !text.trimStart().startsWith('{')) return undefined;
  const message = /"message"\s*:\s*("(?:[^"\\]|\\[^u]|\\u[\da-f]{4}){0,2000})/i.exec(text)?.[1];
  return message === undefined ? {} : objectIn(`{"message":${message}"}`);
};

const requestIdOf = (headers: RestResponse['headers']) => headers.get('x-request-id') ?? headers.get('apim-request-id');

/** Seconds, from `retry-after-ms`, or from `retry-after` in seconds or as a date. Null if absent or malformed. */
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
