import { randomBytes, randomUUID } from 'node:crypto';

/** Random bytes drawn ahead: asking for a few at a time costs more than they do. */
let pool = randomBytes(4096);
let drawn = 0;

const randomByte = (): number => {
  if (drawn === pool.length) {
    pool = randomBytes(pool.length);
    drawn = 0;
  }
  drawn += 1;
  return pool[drawn - 1] ?? 0;
};

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/** What ids begin with. */
export type IdPrefix = 'asst' | 'thread' | 'msg' | 'run' | 'step' | 'call' | 'vs';

/** A new id: the prefix, `_`, and 24 random letters and digits. */
export const newId = (prefix: IdPrefix): string => {
  let body = '';
  while (body.length < 24) {
    const byte = randomByte();
    // 248 is the last multiple of 62 in a byte: what lies above would make some letters likelier than others.
    if (byte < 248) body += alphabet.charAt(byte % alphabet.length);
  }
  return `${prefix}_${body}`;
};

/** A new request id, `req_` and 32 hexadecimal digits. */
export const newRequestId = (): string => `req_${randomUUID().replaceAll('-', '')}`;
