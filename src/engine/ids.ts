import { randomBytes } from 'node:crypto';

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/** What ids begin with. */
export type IdPrefix = 'asst' | 'thread' | 'msg' | 'run' | 'step' | 'call' | 'vs';

/** A new id: the prefix, `_`, and 24 random letters and digits. */
export const newId = (prefix: IdPrefix): string => {
  let body = '';
  while (body.length < 24) {
    for (const byte of randomBytes(32)) {
      // 248 is the last multiple of 62 in a byte: what lies above would make some letters likelier than others.
      if (byte < 248 && body.length < 24) body += alphabet.charAt(byte % alphabet.length);
    }
  }
  return `${prefix}_${body}`;
};

/** A new request id, `req_` and 32 hexadecimal digits. */
export const newRequestId = (): string => `req_${randomBytes(16).toString('hex')}`;
