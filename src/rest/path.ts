import { InvalidIdError } from './errors/invalidIdError.ts';

declare const checked: unique symbol;

/** A path under the base URL whose ids cannot leave their segments. Created only by the tag `path`. */
export type RestPath = string & { readonly [checked]: true };

/** Far longer than any real id, and shorter than URLs that servers reject without an explanation. */
const MAX_ID_LENGTH = 512;

/**
 * Builds the path of a REST call, percent-encoding each id: path`/threads/${threadId}/messages`.
 * Throws InvalidIdError for an id that encoding cannot make safe: URL parsers resolve `.` and `..`.
 */
export const path = (segments: TemplateStringsArray, ...ids: string[]): RestPath => {
  let built = segments[0] ?? '';
  ids.forEach((id, index) => {
    built += encoded(id) + (segments[index + 1] ?? '');
  });
  return built as RestPath;
};

const LONE_SURROGATE = /\p{Surrogate}/u;

/** Whether an id can be a segment of a path. */
export const isRestId = (id: string): boolean =>
  id !== '' && id !== '.' && id !== '..' && id.length <= MAX_ID_LENGTH && !LONE_SURROGATE.test(id);

const encoded = (id: string): string => {
  if (!isRestId(id)) throw new InvalidIdError(id);
  return encodeURIComponent(id);
};
