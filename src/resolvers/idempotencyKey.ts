import { userInputError } from '../context/errors.ts';
import type { WriteOptions } from '../rest/callerOptions.ts';

/** How the write of an input is sent; throws BAD_USER_INPUT for a key that HTTP or the API does not allow. */
export const writeOptions = ({ idempotencyKey }: WriteOptions): WriteOptions => {
  if (idempotencyKey == null || /^[\x21-\x7e]{1,255}$/.test(idempotencyKey)) return { idempotencyKey };
  throw userInputError('`idempotencyKey` must be 1 to 255 visible ASCII characters, without spaces.');
};
