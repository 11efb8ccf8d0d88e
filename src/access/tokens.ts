import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

/** A static token of a client. */
export interface NamedToken {
  /** Letters, digits and `_.-`. One name may have several tokens. */
  readonly name: string;
  /** 16 or more printable ASCII characters. */
  readonly token: string;
}

/**
 * Finds the name of a token. Tokens are compared as digests under a key that is random for each process: how long that takes
 * depends on nothing that a client could choose or learn. The tokens themselves are not kept.
 */
export const tokenLookup = (tokens: readonly NamedToken[]) => {
  const key = randomBytes(32);
  const digestOf = (token: string) => createHmac('sha256', key).update(token).digest();
  const known = new Map(
    tokens.map(({ name, token }) => {
      const digest = digestOf(token);
      return [digest.toString('base64'), { name, digest }];
    }),
  );
  return (token: string): string | undefined => {
    if (known.size === 0) return undefined;
    const digest = digestOf(token);
    const found = known.get(digest.toString('base64'));
    return found !== undefined && timingSafeEqual(found.digest, digest) ? found.name : undefined;
  };
};
