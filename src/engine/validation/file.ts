import { z } from 'zod';
import type { RestUploadPurpose } from '../../wire/file.ts';
import { httpErrors } from '../httpErrors.ts';
import { characterCount } from './errorTexts.ts';
import { integer } from './fields.ts';
import { asNumber } from './query.ts';

const purposes = [
  'assistants',
  'batch',
  'fine-tune',
  'vision',
  'user_data',
  'evals',
] as const satisfies RestUploadPurpose[];

export const uploadPurpose = z.enum(purposes);

/** Seconds: an hour to 30 days, by the API reference. */
const lifetime = integer(3600, 2_592_000);

/** When a file expires. In a form, numbers are text. */
export const expiresAfter = z.strictObject({
  anchor: z.literal('created_at'),
  seconds: z.preprocess(asNumber, lifetime),
});

export const createFileSchema = z.strictObject({ purpose: uploadPurpose, expires_after: expiresAfter.optional() });

/** Characters. */
const filenameLimit = 255;

/**
 * The name of a file as it is stored. It is never used as a path.
 * @throws {HttpError} 400
 */
export const checkFilename = (param: string, filename: string): string => {
  const length = characterCount(filename);
  // A control character or half of a pair could break a header, a log or a terminal that shows the name.
  if (length === 0 || length > filenameLimit || /[\p{Cc}\p{Cs}\u2028\u2029]/u.test(filename))
    throw httpErrors.wrongFilename(param, filenameLimit);
  return filename;
};
