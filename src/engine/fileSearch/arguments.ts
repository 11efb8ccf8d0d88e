/** Queries of one call, and characters of each, that are looked at. */
const MAX_QUERIES = 8;
const MAX_QUERY_LENGTH = 4096;

const textsIn = (value: unknown): string[] =>
  [value].flat().filter((each): each is string => typeof each === 'string' && each.trim() !== '');

/**
 * The queries in the arguments that a model wrote: those of the member `queries`, or what models write instead, which is one
 * `query`, an array, or plain text.
 */
export const queriesIn = (written: string): string[] => {
  let found: string[];
  try {
    const parsed: unknown = JSON.parse(written);
    const { queries, query } = Object(parsed) as { queries?: unknown; query?: unknown };
    found = textsIn(queries ?? query ?? parsed);
  } catch {
    found = /^\s*[{[]/u.test(written) ? [] : textsIn(written);
  }
  return found.slice(0, MAX_QUERIES).map((query) => query.slice(0, MAX_QUERY_LENGTH));
};
