import type { Received, ReceivedPage } from './received.ts';

/** Checks a parsed body and returns it as what it is; throws what `invalid` makes of a sentence's end ("has no `id`"). */
export type Answer<T> = (body: unknown, invalid: (problem: string) => Error, headers?: AnswerHeaders) => T;

export interface AnswerHeaders {
  get(name: string): string | null;
}

/** Ids that the path already told, by the member that holds them; undefined where the path does not tell and the answer must. */
export type Parents = Readonly<Record<string, string | undefined>>;

const DEFAULT_LIMIT = 20;

/** An object with an `id`. A parent id that the server left out is filled in. */
export const objectOf =
  <T>(parents?: Parents): Answer<Received<T>> =>
  (body, invalid) =>
    identified<T>(body, parents, invalid);

/** An object beside the milliseconds after which the server asks to be read again; null where it leaves that to the reader. */
export const polled =
  <T>(answer: Answer<T>): Answer<{ object: T; pollAfterMs: number | null }> =>
  (body, invalid, headers) => {
    const asked = Number.parseInt(headers?.get('openai-poll-after-ms') ?? '', 10);
    return { object: answer(body, invalid, headers), pollAfterMs: asked > 0 ? asked : null };
  };

/** A page: `data` of such objects, and `has_more`, which some servers leave out: then a full page has more. */
export const pageOf =
  <T>(limit: number | undefined, parents?: Parents): Answer<ReceivedPage<T>> =>
  (body, invalid) => {
    if (!isObject(body)) throw invalid('is not a JSON object');
    const { data, has_more: hasMore } = body;
    if (!Array.isArray(data)) throw invalid('has no list `data`');
    const items = data.map((item: unknown) => identified<T>(item, parents, invalid));
    return {
      data: items,
      has_more: typeof hasMore === 'boolean' ? hasMore : items.length >= (limit ?? DEFAULT_LIMIT),
    };
  };

const identified = <T>(value: unknown, parents: Parents | undefined, invalid: (problem: string) => Error) => {
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
