import { hash, randomBytes } from 'node:crypto';

/** A static token of a client. */
export interface NamedToken {
  /** Letters, digits and `_.-`. One name may have several tokens. */
  readonly name: string;
  /** 16 or more printable ASCII characters. */
  readonly token: string;
}

/**
 * Finds the name of a token. Tokens are compared as digests of a random text and the token: how long that takes depends on nothing
 * that a client could choose or learn. The tokens themselves are not kept.
 */
export const tokenLookup = (tokens: readonly NamedToken[]) => {
  const key = randomBytes(32).toString('base64');
  const digestOf = (token: string) => hash('sha256', key + token, 'base64');
  const names = new Map(tokens.map(({ name, token }) => [digestOf(token), name]));
  return (token: string): string | undefined => (names.size === 0 ? undefined : names.get(digestOf(token)));
};
