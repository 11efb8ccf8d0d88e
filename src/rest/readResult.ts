import { turnForText } from '../turns.ts';
import type { ParseBody } from './parseBody.ts';
import type { RestCall } from './call.ts';
import { systemCodeOf } from './failure.ts';
import { invalidResponse } from './invalidResponse.ts';
import { apiErrorOf } from './errorResponse.ts';
import { BODY_TOO_LARGE, type RestResponse } from './fetch.ts';

/** Reads a response to its end and parses it: at once if it can. Throws, or rejects with, ApiError or InvalidResponseError. */
export const readResult = <T>(call: RestCall, response: RestResponse, parse: ParseBody<T>): T | Promise<T> => {
  const invalid = (problem: string) => invalidResponse(call, response, problem);
  const resultOf = (text: string): T | Promise<T> => {
    if (response.status >= 400) throw apiErrorOf(call, response, text);
    if (response.status >= 300)
      throw invalid(`redirects ${targetOf(response)}: the base URL must be that of the API itself`);
    const parseNow = () => parse(parsed(text, invalid), invalid, response.headers);
    const turn = turnForText(text.length);
    return turn === undefined ? parseNow() : turn.then(parseNow);
  };
  const text = response.text();
  if (typeof text === 'string') return resultOf(text);
  return text.then(resultOf, (error: unknown) => {
    if (systemCodeOf(error) === BODY_TOO_LARGE) throw invalid('is larger than can be read');
    throw invalidResponse(call, response, 'broke off before its end', true);
  });
};

const parsed = (text: string, invalid: (problem: string) => Error): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    const start = text.trimStart();
    if (start === '') throw invalid('is empty');
    throw invalid(start.startsWith('<') ? 'is a web page, not JSON: is the base URL right?' : 'is not JSON');
  }
};

/** Only the host: the rest of a redirect's target may contain credentials. */
const targetOf = ({ headers }: RestResponse): string => {
  const location = headers.get('location') ?? '';
  return URL.canParse(location) ? `to ${new URL(location).host}` : 'elsewhere';
};
