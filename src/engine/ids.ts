import { randomUUID } from 'node:crypto';
import { customAlphabet } from 'nanoid';

const randomLetters = customAlphabet('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789', 16);

/** Digits of a time in base 36: enough milliseconds until 2059, after which they begin again. */
const TIME_DIGITS = 8;

const timeNow = () => Date.now().toString(36).padStart(TIME_DIGITS, '0').slice(-TIME_DIGITS);

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

/**
 * A new id: the prefix, `_` (`-` for files, as in the API), and 24 letters and digits: 8 for the time, and 16 random ones (95 bits).
 * Because of the time, new entries are next to each other in the indexes of the database: a transaction changes few of their pages.
 */
export const newId = (prefix: IdPrefix): string =>
  `${prefix}${prefix === 'file' ? '-' : '_'}${timeNow()}${randomLetters()}`;

/** A new request id, `req_` and 32 hexadecimal digits. */
export const newRequestId = (): string => `req_${randomUUID().replaceAll('-', '')}`;
