import { isSecretName } from '../secretNames.ts';
import type { RestResponse } from './fetch.ts';

/** Shorter texts are too common in ordinary sentences to be redacted, and too short to be keys. */
const MIN_SECRET_CHARACTERS = 6;

/** Data of successful responses is changed only for secrets this long: no placeholder key such as `ollama` may alter data. */
const MIN_SECRET_CHARACTERS_IN_DATA = 16;

const REDACTED = '[redacted]';

/** What begins an escape of a character, in a URL, in JSON or in HTML. */
const ESCAPE = /[%\\&]/;

/** Removes secrets from text that came from outside. */
export interface Redactor {
  /** The text of an error, a header or a log line without any secret of 6 characters or more. */
  readonly text: (text: string) => string;
  /**
   * JSON of a successful response without any secret of 16 characters or more. Costs a few substring searches, which find
   * a secret only in its own case.
   */
  readonly data: (json: string) => string;
}

/**
 * The secret texts among headers or query parameters: whole values, what follows a scheme such as `Bearer`, values of
 * cookies, and the user name and password of `Basic`.
 */
export const secretsAmong = (named: Readonly<Record<string, string>>): string[] =>
  Object.entries(named)
    .filter(([name]) => isSecretName(name))
    .flatMap(([name, value]) => [
      value.trim(),
      ...value
        .trim()
        .split(/[\s;,]+/)
        .slice(1),
      ...(/cookie/i.test(name) ? value.split(/[=;,\s]+/) : []),
      ...basicCredentialsIn(value),
    ]);

/**
 * Replaces each secret by `[redacted]`: plain or in another case, with any of its characters percent-encoded or escaped
 * as in JSON or HTML, and as part of a base64 or base64url text. A secret that is cut or masked is not recognized.
 */
export const redactorOf = (secrets: readonly string[]): Redactor => {
  const known = [...new Set(secrets)].filter(({ length }) => length >= MIN_SECRET_CHARACTERS);
  const long = known.filter(({ length }) => length >= MIN_SECRET_CHARACTERS_IN_DATA);
  let pattern: RegExp | undefined;
  let dataPattern: RegExp | undefined;
  let cores: string[] | undefined;
  let lowerCores: string[] | undefined;
  return {
    text: (text) => {
      if (known.length === 0) return text;
      lowerCores ??= coresOf(known).map((core) => core.toLowerCase());
      if (!ESCAPE.test(text) && !includesAny(text.toLowerCase(), lowerCores)) return text;
      return text.replace((pattern ??= patternOf(known)), REDACTED);
    },
    data: (json) => {
      if (long.length === 0) return json;
      cores ??= coresOf(long);
      if (!includesAny(json, cores)) return json;
      return json.replace((dataPattern ??= patternOf(long)), REDACTED);
    },
  };
};

/** The response without secrets in any header or in its text. Its `body`, if read instead, comes as it is. */
export const redactedResponse = (response: RestResponse, redactor: Redactor): RestResponse => {
  const clean = response.status < 400 ? redactor.data : redactor.text;
  return {
    status: response.status,
    headers: {
      get: (name) => {
        const value = response.headers.get(name);
        return value === null ? null : redactor.text(value);
      },
    },
    body: response.body,
    text: () => {
      const text = response.text();
      return typeof text === 'string' ? clean(text) : text.then(clean);
    },
  };
};

/** Removes what either removes. */
export const bothRedactors = (first: Redactor, second: Redactor): Redactor => ({
  text: (text) => second.text(first.text(text)),
  data: (json) => second.data(first.data(json)),
});

const basicCredentialsIn = (value: string): string[] => {
  const encoded = /^\s*basic\s+(\S+)/i.exec(value)?.[1];
  if (encoded === undefined) return [];
  const decoded = Buffer.from(encoded, 'base64').toString();
  const colon = decoded.indexOf(':');
  return colon === -1 ? [decoded] : [decoded, decoded.slice(0, colon), decoded.slice(colon + 1)];
};

/** A character of base64 that is not part of an escape such as `\n` or `\u000a`: JSON must stay valid. */
const BASE64_BEFORE = '(?:(?<!\\\\(?:u[0-9a-f]{0,3})?)[\\w+=-])';

/** Longer secrets first: `Bearer x` becomes one `[redacted]`. */
const patternOf = (secrets: readonly string[]): RegExp => {
  const longestFirst = secrets.toSorted((one, other) => other.length - one.length);
  const plain = longestFirst.map(anyEncodingOf);
  const base64 = innermost(longestFirst)
    .flatMap(base64Of)
    .map((core) => `${BASE64_BEFORE}{0,3}${Array.from(core, base64Character).join('')}[\\w+=-]{0,4}`);
  return new RegExp([...plain, ...base64].join('|'), 'gi');
};

/** The secrets that contain no other: text that holds `Bearer x` also holds `x`. */
const innermost = (secrets: readonly string[]): string[] =>
  secrets.filter((secret) => !secrets.some((other) => other !== secret && secret.includes(other)));

const anyEncodingOf = (secret: string): string => Array.from(secret, anyEncodingOfCharacter).join('');

const anyEncodingOfCharacter = (character: string): string => {
  const code = character.codePointAt(0) ?? 0;
  const hex = code.toString(16);
  const bytes = [...Buffer.from(character)].map((byte) => `%(?:25)*${byte.toString(16).padStart(2, '0')}`);
  const unicode = hex.length <= 4 ? [`\\\\{1,3}u${hex.padStart(4, '0')}`] : [];
  const plain = /\w/.test(character) ? character : `\\\\{0,3}${literal(character)}`;
  return `(?:${[plain, bytes.join(''), ...unicode, `&#(?:0*${code}|x0*${hex});`].join('|')})`;
};

/** JSON may escape a slash; base64url has `-` and `_` in place of `+` and `/`; either may be percent-encoded. */
const base64Character = (character: string): string => {
  if (character === '+') return '(?:\\+|-|%2b|\\\\u002b)';
  if (character === '/') return '(?:\\\\{0,3}\\/|_|%2f|\\\\u002f)';
  return character;
};

const literal = (character: string): string => character.replace(/[\\^$.*+?()[\]{}|/-]/, '\\$&');

/** The base64 of any text that holds the secret contains one of these three: its bytes begin at any of three offsets. */
const base64Of = (secret: string): string[] =>
  [0, 1, 2].map((offset) => {
    const bytes = Buffer.concat([Buffer.alloc(offset), Buffer.from(secret)]);
    const whole = Math.floor((bytes.length * 8) / 6); // characters that no following byte changes
    return bytes.toString('base64').slice(Math.ceil((offset * 8) / 6), whole);
  });

/** A text without an escape contains one of these if it contains a secret, in some case or as base64. */
const coresOf = (secrets: readonly string[]): string[] =>
  innermost(secrets)
    .flatMap((secret) => [secret, ...base64Of(secret)])
    .map(coreOf);

const includesAny = (text: string, parts: readonly string[]): boolean => parts.some((part) => text.includes(part));

/** The longest part of a text that no encoding changes, unless it escapes letters and digits. */
const coreOf = (text: string): string =>
  text.split(/[^A-Za-z0-9]+/).reduce((longest, part) => (part.length > longest.length ? part : longest), '');
