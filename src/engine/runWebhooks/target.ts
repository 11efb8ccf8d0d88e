import { createHash } from 'node:crypto';

/** Identifies a webhook in the data file, which does not get its URL: that may hold a key. */
export const targetOf = (url: string): string => createHash('sha256').update(url).digest('hex').slice(0, 16);
