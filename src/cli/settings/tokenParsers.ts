import { readFileSync } from 'node:fs';
import { isLoopback } from '../../access/hosts.ts';
import type { NamedToken } from '../../access/tokens.ts';
import { NotAllowed } from './setting.ts';

const ALLOWED =
  'a JSON object of names (letters, digits, _ . -) and their tokens (16 or more printable ASCII characters)';

/** Tokens by name, from a JSON object whose values are a token or a list of them. */
export const namedTokens = (value: string): readonly NamedToken[] => (value === '' ? [] : tokensIn(value, ALLOWED));

/** Tokens by name, from a file that holds such a JSON object. */
export const namedTokensInFile = (path: string): readonly NamedToken[] => {
  if (path === '') return [];
  const allowed = `a readable file with ${ALLOWED}`;
  try {
    return tokensIn(readFileSync(path, 'utf8'), allowed);
  } catch {
    throw new NotAllowed(allowed);
  }
};

const tokensIn = (json: string, allowed: string): readonly NamedToken[] => {
  const tokens = Object.entries(objectIn(json)).flatMap(([name, value]) =>
    [value].flat().map((token: unknown) => ({ name, token })),
  );
  if (tokens.length > 0 && tokens.every(isNamedToken)) return tokens;
  throw new NotAllowed(allowed);
};

const objectIn = (json: string): object => {
  try {
    const parsed: unknown = JSON.parse(json);
    return typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed) ? parsed : {};
  } catch {
    return {};
  }
};

const isNamedToken = (one: { name: string; token: unknown }): one is NamedToken =>
  /^[\w.-]+$/.test(one.name) && typeof one.token === 'string' && /^[\x21-\x7e]{16,}$/.test(one.token);

/** The URL of a JSON Web Key Set; undefined if it is empty. */
export const jwksUrl = (value: string): URL | undefined => {
  if (value === '') return undefined;
  const url = URL.canParse(value) ? new URL(value) : undefined;
  const isSafe =
    url?.protocol === 'https:' || (url?.protocol === 'http:' && isLoopback(url.hostname.replace(/^\[|\]$/g, '')));
  if (url === undefined || !isSafe) throw new NotAllowed('an https URL, or an http URL of this machine');
  if (url.username !== '' || url.password !== '') throw new NotAllowed('a URL without user name and password');
  return url;
};

/** Any text. */
export const word = (value: string): string => value;
