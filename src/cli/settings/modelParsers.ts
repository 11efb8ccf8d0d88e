import type { ModelNames } from '../../engine/models/names.ts';
import { baseUrl, wholeNumber } from './parsers.ts';
import { NotAllowed } from './setting.ts';

const anyBaseUrl = baseUrl('MODEL', 'https://api.openai.com/v1 or http://localhost:11434/v1');

/** The base URL of a model endpoint; undefined if it is empty. */
export const modelBaseUrl = (value: string): string | undefined => {
  const url = anyBaseUrl(value);
  if (url === undefined || !/\/(chat\/completions|responses)$/.test(url)) return url;
  throw new NotAllowed('the URL before /chat/completions or /responses, which MODEL_API chooses');
};

/** `one=other,*=default` in order. The first `=` separates, because the other name may be a path or a tag with another. */
export const pairsOf = (value: string, allowed: string): Map<string, string> => {
  const listed = value.split(',').map((each) => each.trim());
  const pairs = listed.flatMap((each): [string, string][] => {
    if (each === '') return [];
    const at = each.indexOf('=');
    return [[each.slice(0, Math.max(at, 0)).trim(), each.slice(at + 1).trim()]];
  });
  const map = new Map(pairs);
  if (map.size === pairs.length && pairs.every(([name, other]) => name !== '' && other !== '')) return map;
  throw new NotAllowed(allowed);
};

/** Names of the endpoint's models by the names that stand for them; `*` is for all others. */
export const modelNames = (value: string): ModelNames =>
  pairsOf(value, 'pairs of names separated by commas, each name once, such as gpt-4o=qwen3:32b,*=llama3.3');

/** The smallest context that leaves room for a prompt and a completion. */
const smallestContext = 256;

/** Context sizes by the endpoint's names of its models; `*` is for all others. */
export const modelContextTokens = (value: string): ReadonlyMap<string, number> => {
  const allowed = `models and their context sizes in tokens (${smallestContext} or more), such as qwen3:32b=32768,*=8192`;
  const pairs = [...pairsOf(value, allowed)];
  try {
    return new Map(pairs.map(([name, size]) => [name, wholeNumber(smallestContext, 1_000_000_000)(size)]));
  } catch {
    throw new NotAllowed(allowed);
  }
};
