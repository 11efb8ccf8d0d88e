import { createHash } from 'node:crypto';
import { httpErrors } from '../httpErrors.ts';
import type { StoreWrites, TenantStore } from '../store/store.ts';
import type { EngineRequest } from '../engineRequest.ts';

/** Runs `work` as one transaction of a request: see `TenantStore.write`. */
export type Write = <Result>(work: (writes: StoreWrites) => Promise<Result>) => Promise<Result>;

/** Characters. */
const MAX_KEY_LENGTH = 255;

/**
 * The transaction of a request. With an `Idempotency-Key` its result is kept in that transaction, and returned for every later
 * request with the same key: the same response is then made of it. A transaction that was rejected is not kept.
 * @throws {HttpError} 400 for a key that is too long, and 409 from `Write` for a key of a request with another method, path or body.
 */
export const writeOnce = (store: TenantStore, request: EngineRequest, body: unknown): Write => {
  const key = request.headers.get('idempotency-key') ?? '';
  if (key === '') return (work) => store.write(work);
  if (key.length > MAX_KEY_LENGTH) throw httpErrors.idempotencyKeyTooLong(key.length, MAX_KEY_LENGTH);
  const fingerprint = fingerprintOf(request, body);
  return (work) =>
    store.write(async (writes) => {
      const known = await writes.idempotencyKeys.lock(key);
      if (known !== undefined) {
        if (known.fingerprint !== fingerprint) throw httpErrors.idempotencyKeyReused();
        return JSON.parse(known.result);
      }
      const result = await work(writes);
      await writes.idempotencyKeys.insert(key, { fingerprint, result: JSON.stringify(result ?? null) });
      return result;
    });
};

const fingerprintOf = ({ method, url }: EngineRequest, body: unknown): string => {
  const { pathname, search } = new URL(url);
  return createHash('sha256')
    .update(JSON.stringify([method, pathname + search, body ?? null]))
    .digest('hex');
};
