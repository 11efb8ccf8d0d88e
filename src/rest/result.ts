import type { Answer } from './answer.ts';
import type { RestCall } from './call.ts';
import { codeOf } from './failure.ts';
import { invalidResponse } from './invalidResponse.ts';
import { refusalOf } from './refusal.ts';
import { BODY_TOO_LARGE, type RestResponse } from './transport.ts';

/**
 * Reads an answer to its end and checks it. Rejects with ApiError or InvalidResponseError; `clean` strikes secrets out of
 * what these show of the answer.
 */
export const resultOf = async <T>(
  call: RestCall,
  response: RestResponse,
  answer: Answer<T>,
  clean: (text: string) => string,
): Promise<T> => {
  const invalid = (problem: string) => invalidResponse(call, response, problem, clean);
  const text = await response.text().catch((error: unknown) => {
    throw invalid(codeOf(error) === BODY_TOO_LARGE ? 'is larger than can be read' : 'broke off before its end');
  });
  if (response.status >= 400) throw refusalOf(call, response, text, clean);
  if (response.status >= 300)
    throw invalid(`redirects ${whereTo(response)}: the base URL must be where the API itself is`);
  return answer(parsed(text, invalid), invalid, response.headers);
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

/** Only the place is told: the rest of a redirect's target may hold credentials. */
const whereTo = ({ headers }: RestResponse): string => {
  const location = headers.get('location') ?? '';
  return URL.canParse(location) ? `to ${new URL(location).host}` : 'elsewhere';
};
