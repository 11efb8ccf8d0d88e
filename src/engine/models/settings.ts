import { validateHeaderName, validateHeaderValue } from 'node:http';
import type { ModelNames } from './names.ts';

/** Says what a setting allows, to be put after "must be". It has nothing of the value in it, which may be a key. */
export class ModelSettingError extends Error {
  override readonly name = 'ModelSettingError';
}

/** MODEL_BASE_URL: undefined if it is empty, and then the offline model is used. @throws {ModelSettingError} */
export const modelBaseUrl = (value: string): string | undefined => {
  if (value === '') return undefined;
  const url = URL.canParse(value) ? new URL(value) : undefined;
  if (url === undefined || !['http:', 'https:'].includes(url.protocol)) {
    throw new ModelSettingError('an http or https URL such as https://api.openai.com/v1 or http://localhost:11434/v1');
  }
  if (url.search !== '' || url.hash !== '') {
    throw new ModelSettingError('a URL without query or fragment (query parameters go into MODEL_QUERY)');
  }
  if (url.username !== '' || url.password !== '') {
    throw new ModelSettingError('a URL without user name and password (a key goes into MODEL_API_KEY)');
  }
  if (/\/(chat\/completions|responses)\/*$/.test(url.pathname)) {
    throw new ModelSettingError('the URL before /chat/completions or /responses, which MODEL_API chooses');
  }
  return url.href.replace(/\/+$/, '');
};

/** MODEL_API_KEY: undefined if it is empty. @throws {ModelSettingError} */
export const modelApiKey = (value: string): string | undefined => {
  if (value === '') return undefined;
  if (/^[\x21-\x7e]+$/.test(value)) return value;
  throw new ModelSettingError('one word of printable ASCII characters');
};

/** MODEL_HEADERS: names in lower case. @throws {ModelSettingError} */
export const modelHeaders = (value: string): Readonly<Record<string, string>> => {
  if (value === '') return {};
  try {
    const parsed: unknown = JSON.parse(value);
    if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) throw new TypeError('not an object');
    return Object.fromEntries(
      Object.entries(parsed).map(([name, text]: [string, unknown]) => {
        if (typeof text !== 'string') throw new TypeError('not a string');
        validateHeaderName(name);
        validateHeaderValue(name, text);
        return [name.toLowerCase(), text];
      }),
    );
  } catch {
    throw new ModelSettingError('a JSON object of header names and their values, such as {"api-key":"…"}');
  }
};

/** MODEL_QUERY. @throws {ModelSettingError} */
export const modelQuery = (value: string): Readonly<Record<string, string>> => {
  const pairs = [...new URLSearchParams(value)];
  const names = new Set(pairs.map(([name]) => name));
  if (names.size === pairs.length && !names.has('')) return Object.fromEntries(pairs);
  throw new ModelSettingError('URL query parameters, each name once, such as api-version=2024-10-21');
};

const oneOf =
  <const T extends readonly string[]>(allowed: T) =>
  (value: string): T[number] => {
    const found = allowed.find((each) => each === value);
    if (found !== undefined) return found;
    throw new ModelSettingError(`one of ${allowed.join(', ')}`);
  };

/** MODEL_API. @throws {ModelSettingError} */
export const modelApi = oneOf(['chat_completions', 'responses']);

/** MODEL_MAX_TOKENS_PARAMETER, of Chat Completions. @throws {ModelSettingError} */
export const maxTokensParameter = oneOf(['max_completion_tokens', 'max_tokens']);

/** `one=other,*=default` in order. The first `=` parts, so that names may hold what file paths and tags do. */
const pairsOf = (value: string, allowed: string): Map<string, string> => {
  const listed = value.split(',').map((each) => each.trim());
  const pairs = listed.flatMap((each): [string, string][] => {
    if (each === '') return [];
    const at = each.indexOf('=');
    return [[each.slice(0, Math.max(at, 0)).trim(), each.slice(at + 1).trim()]];
  });
  const map = new Map(pairs);
  if (map.size === pairs.length && pairs.every(([name, other]) => name !== '' && other !== '')) return map;
  throw new ModelSettingError(allowed);
};

/** MODEL_NAMES: which of the endpoint's models stands for a name, and by `*` for all others. @throws {ModelSettingError} */
export const modelNames = (value: string): ModelNames =>
  pairsOf(value, 'pairs of names separated by commas, each name once, such as gpt-4o=qwen3:32b,*=llama3.3');

/** MODEL_CONTEXT_TOKENS: context sizes by the endpoint's name of the model, and by `*` for all others. @throws {ModelSettingError} */
export const modelContextTokens = (value: string): ReadonlyMap<string, number> => {
  const allowed = 'models and their context sizes in tokens (256 or more), such as qwen3:32b=32768,*=8192';
  const sizes = [...pairsOf(value, allowed)].map(([name, size]): [string, number] => [name, wholeNumber(size)]);
  if (sizes.every(([, size]) => size >= 256)) return new Map(sizes);
  throw new ModelSettingError(allowed);
};

const wholeNumber = (value: string): number => (/^\d{1,10}$/.test(value) ? Number(value) : Number.NaN);

const numberFrom = (least: number, most: number) => (value: string) => {
  const number = wholeNumber(value);
  if (number >= least && number <= most) return number;
  throw new ModelSettingError(`a whole number from ${least} to ${most}`);
};

/** MODEL_TIMEOUT_MS (to the first token) and MODEL_TOKEN_TIMEOUT_MS (to each further one). @throws {ModelSettingError} */
export const modelTimeoutMs = numberFrom(1, 3_600_000);

/** MODEL_MAX_RETRIES. @throws {ModelSettingError} */
export const modelMaxRetries = numberFrom(0, 10);

const limit = (most: number) => (value: string) => (value === '' ? undefined : numberFrom(1, most)(value));

/** MODEL_MAX_CONCURRENT_CALLS: undefined (no limit) if it is empty. @throws {ModelSettingError} */
export const maxConcurrentCalls = limit(10_000);

/** MODEL_REQUESTS_PER_MINUTE: undefined (no limit) if it is empty. @throws {ModelSettingError} */
export const requestsPerMinute = limit(1_000_000);

/** MODEL_TOKENS_PER_MINUTE: undefined (no limit) if it is empty. @throws {ModelSettingError} */
export const tokensPerMinute = limit(1_000_000_000);
