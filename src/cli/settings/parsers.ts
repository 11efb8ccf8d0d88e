import { validateHeaderName, validateHeaderValue } from 'node:http';
import { NotAllowed } from './setting.ts';

/** A whole number within bounds that belong to the range. */
export const wholeNumber = (least: number, most: number) => (value: string) => {
  const number = /^\d+$/.test(value) ? Number(value) : Number.NaN;
  if (number >= least && number <= most) return number;
  throw new NotAllowed(`a whole number from ${least} to ${most}`);
};

/** One of several words. */
export const oneOf =
  <const T extends readonly string[]>(allowed: T) =>
  (value: string): T[number] => {
    const found = allowed.find((each) => each === value);
    if (found !== undefined) return found;
    throw new NotAllowed(`one of ${allowed.join(', ')}`);
  };

/** `on` is true, `off` is false. */
export const onOff = (value: string) => oneOf(['on', 'off'])(value) === 'on';

/** An address or a name to listen on. */
export const hostName = (value: string) => {
  if (/^[\w.:%-]+$/.test(value)) return value;
  throw new NotAllowed('a host name or an IP address, without scheme or port');
};

/** The http or https URL without user name and password that the text is; undefined if it is none. */
export const httpUrl = (value: string): URL | undefined => {
  const url = URL.canParse(value) ? new URL(value) : undefined;
  const isPlain = url?.username === '' && url.password === '';
  return isPlain && ['http:', 'https:'].includes(url.protocol) ? url : undefined;
};

/**
 * An http or https URL, without a slash at its end; undefined if it is empty. `prefix` is that of the settings for query
 * parameters and the key.
 */
export const baseUrl =
  (prefix: 'ASSISTANTS' | 'MODEL' | 'EMBEDDING', example: string) =>
  (value: string): string | undefined => {
    if (value === '') return undefined;
    const url = URL.canParse(value) ? new URL(value) : undefined;
    if (url === undefined || !['http:', 'https:'].includes(url.protocol)) {
      throw new NotAllowed(`an http or https URL such as ${example}`);
    }
    if (url.search !== '' || url.hash !== '') {
      const place = prefix === 'EMBEDDING' ? '' : ` (query parameters go into ${prefix}_QUERY)`;
      throw new NotAllowed(`a URL without query or fragment${place}`);
    }
    if (url.username !== '' || url.password !== '') {
      throw new NotAllowed(`a URL without user name and password (a key goes into ${prefix}_API_KEY)`);
    }
    return url.href.replace(/\/+$/, '');
  };

/** What `parse` reads; undefined if it is empty. */
export const optional =
  <T>(parse: (value: string) => T) =>
  (value: string): T | undefined =>
    value === '' ? undefined : parse(value);

/** A key or a password; undefined if it is empty. */
export const secretWord = (value: string) => {
  if (value === '') return undefined;
  if (/^[\x21-\x7e]+$/.test(value)) return value;
  throw new NotAllowed('one word of printable ASCII characters');
};

/** HTTP headers by their names in lower case, from a JSON object. */
export const headers = (value: string): Readonly<Record<string, string>> => {
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
    throw new NotAllowed('a JSON object of header names and their values, such as {"api-key":"…"}');
  }
};

/** Query parameters by their names. */
export const query = (value: string): Readonly<Record<string, string>> => {
  const pairs = [...new URLSearchParams(value)];
  const names = new Set(pairs.map(([name]) => name));
  if (names.size === pairs.length && !names.has('')) return Object.fromEntries(pairs);
  throw new NotAllowed('URL query parameters, each name once, such as api-version=2024-05-01-preview');
};

/** Values separated by commas; each may be `*` too. */
const listOf =
  (isOne: (each: string) => boolean, allowed: string) =>
  (value: string): readonly string[] => {
    const listed = value.split(',').map((each) => each.trim());
    const wanted = listed.filter((each) => each !== '');
    if (wanted.every((each) => each === '*' || isOne(each))) return wanted;
    throw new NotAllowed(allowed);
  };

/** Browser origins. */
export const origins = listOf(
  (each) => URL.canParse(each) && new URL(each).origin === each,
  'origins separated by commas, such as https://app.example,https://admin.example:8443, or *',
);

/** Host names, without ports. */
export const hosts = listOf(
  (each) => /^[\w.-]+$/.test(each),
  'host names without scheme or port, separated by commas, such as graph.example, or *',
);
