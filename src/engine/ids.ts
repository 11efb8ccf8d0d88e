import { randomUUID } from 'node:crypto';
import { customAlphabet } from 'nanoid';

const randomLetters = customAlphabet('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789', 24);

/** The prefix of an id names the kind of its object. */
export type IdPrefix =
  | 'asst'
  | 'thread'
  | 'msg'
  | 'run'
  | 'step'
  | 'call'
  | 'vs'
  | 'vsfb'
  | 'file'
  | 'upload'
  | 'part'
  | 'evt';

/** A new id: the prefix, `_` (`-` for files, as in the API), and 24 random letters and digits. */
export const newId = (prefix: IdPrefix): string => `${prefix}${prefix === 'file' ? '-' : '_'}${randomLetters()}`;

/** A new request id, `req_` and 32 hexadecimal digits. */
export const newRequestId = (): string => `req_${randomUUID().replaceAll('-', '')}`;
