import { InvalidIdError } from './errors/invalidIdError.ts';

declare const checked: unique symbol;

/** A path under the base URL whose ids cannot leave their segments. Only the tag `path` makes one. */
export type Path = string & { readonly [checked]: true };

/** Far beyond any real id, and short of where servers refuse a URL without a word. */
const MAX_ID_LENGTH = 512;

/**
 * Builds the path of a REST call, percent-encoding each id: path`/threads/${threadId}/messages`.
 * Throws InvalidIdError for an id that encoding cannot make safe: URL parsers take `.` and `..` for directions.
 */
export const path = (segments: TemplateStringsArray, ...ids: string[]): Path => {
  let built = segments[0] ?? '';
  ids.forEach((id, index) => {
    built += encoded(id) + (segments[index + 1] ?? '');
  });
  return built as Path;
};

const LONE_SURROGATE = /\p{Surrogate}/u;

/** Whether an id can be put into a path, and be nothing but an id there. */
export const isRestId = (id: string): boolean =>
  id !== '' && id !== '.' && id !== '..' && id.length <= MAX_ID_LENGTH && !LONE_SURROGATE.test(id);

const encoded = (id: string): string => {
  if (!isRestId(id)) throw new InvalidIdError(id);
  return encodeURIComponent(id);
};
