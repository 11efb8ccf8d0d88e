import { createLocalJWKSet, createRemoteJWKSet, customFetch, type FetchImplementation, type JSONWebKeySet } from 'jose';
import { boundedPieces } from '../boundedPieces.ts';
import type { Log } from '../observability/log.ts';

/** How long the keys may take to arrive, and how many bytes they may have. */
const TIMEOUT_MS = 5000;
const MAX_BYTES = 1_048_576;

/** How long keys are used, and how long it takes at least until a key that they lack, or a failure, has them read again. */
const MAX_AGE_MS = 600_000;
const PAUSE_MS = 30_000;
const PAUSE_AFTER_FAILURE_MS = 5000;

/** The keys of tokens could not be read. */
export class KeysUnreadableError extends Error {
  override readonly name = 'KeysUnreadableError';
}

/**
 * The keys at a JWKS URL, for jose. They are read once for any number of tokens: again after ten minutes, and for a key that
 * is not among them at most every 30 seconds; after a failure, which is logged, at most every 5 seconds. Rejects with
 * KeysUnreadableError, or as jose does if no key fits.
 */
export const remoteKeys = (url: URL, log: Log) => {
  let failedAt = Number.NEGATIVE_INFINITY;
  const read: FetchImplementation = async (from, init) => {
    if (performance.now() - failedAt < PAUSE_AFTER_FAILURE_MS) throw new KeysUnreadableError();
    try {
      return Response.json(await keysAt(from, init));
    } catch (error) {
      failedAt = performance.now();
      log.error('token keys unreadable', { url: url.href, message: reasonOf(error) });
      throw new KeysUnreadableError();
    }
  };
  return createRemoteJWKSet(url, {
    timeoutDuration: TIMEOUT_MS,
    cacheMaxAge: MAX_AGE_MS,
    cooldownDuration: PAUSE_MS,
    [customFetch]: read,
  });
};

const keysAt = async (...request: Parameters<FetchImplementation>): Promise<JSONWebKeySet> => {
  const response = await fetch(...request);
  if (response.status !== 200) throw new Error(`status ${response.status}`);
  const pieces = await boundedPieces(response.body ?? [], MAX_BYTES, () => new Error(`more than ${MAX_BYTES} bytes`));
  const keys = JSON.parse(Buffer.concat(pieces).toString());
  createLocalJWKSet(keys); // throws if they are no JWKS
  return keys;
};

/** Node's `fetch failed` has what really happened as its cause. */
const reasonOf = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? `${error.message} (${error.cause.message})` : error.message;
};
