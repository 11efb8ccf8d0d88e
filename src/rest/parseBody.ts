import type { Received, ReceivedPage } from './received.ts';

/**
 * Checks the JSON of a successful response and returns it typed. Throws the error that `invalid` makes from the end of a
 * sentence, such as "has no `id`".
 */
export type ParseBody<T> = (body: unknown, invalid: (problem: string) => Error, headers?: ResponseHeaders) => T;

interface ResponseHeaders {
  get(name: string): string | null;
}

/** Ids of an object's parents, by member, taken from the path; undefined if the path has none and the response must. */
export type ParentIds = Readonly<Record<string, string | undefined>>;

const DEFAULT_LIMIT = 20;

/** An object with an `id`. A parent id that the server omits is filled in. */
export const objectOf =
  <T>(parents?: ParentIds): ParseBody<Received<T>> =>
  (body, invalid) =>
    identified<T>(body, parents, invalid);

/** An object, and the value of `openai-poll-after-ms` in milliseconds: null if the server sets no interval. */
export const polled =
  <T>(parse: ParseBody<T>): ParseBody<{ object: T; pollAfterMs: number | null }> =>
  (body, invalid, headers) => {
    const requested = Number.parseInt(headers?.get('openai-poll-after-ms') ?? '', 10);
    return { object: parse(body, invalid, headers), pollAfterMs: requested > 0 ? requested : null };
  };

/** A page: `data` holds the objects, each once: a cursor that occurs twice would be ambiguous. Some servers omit `has_more`: then a full page counts as having more. */
export const pageOf =
  <T>(limit: number | undefined, parents?: ParentIds): ParseBody<ReceivedPage<T>> =>
  (body, invalid) => {
    if (!isObject(body)) throw invalid('is not a JSON object');
    const { data, has_more: hasMore } = body;
    if (!Array.isArray(data)) throw invalid('has no list `data`');
    const items = withoutDuplicates(data).map((item) => identified<T>(item, parents, invalid));
    return {
      data: items,
      has_more: typeof hasMore === 'boolean' ? hasMore : data.length >= (limit ?? DEFAULT_LIMIT),
    };
  };

const withoutDuplicates = (data: unknown[]): unknown[] => {
  const known = new Set<unknown>();
  for (const item of data) known.add(idOf(item));
  return known.size === data.length ? data : data.filter((item) => known.delete(idOf(item)));
};

const idOf = (item: unknown) => (isObject(item) ? item['id'] : item);

const identified = <T>(value: unknown, parents: ParentIds | undefined, invalid: (problem: string) => Error) => {
  if (!isObject(value)) throw invalid('is not a JSON object');
  if (typeof value['id'] !== 'string') throw invalid('holds an object without a string `id`');
  for (const member in parents) {
    if (typeof value[member] === 'string') continue;
    const known = parents[member];
    if (known === undefined) throw invalid(`holds an object without a string \`${member}\``);
    value[member] = known;
  }
  return value as Received<T>;
};

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
