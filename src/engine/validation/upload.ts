import { z } from 'zod';
import type { CompleteUploadBody, CreateUploadBody } from '../../wire/upload.ts';
import { filled, integer, text } from './fields.ts';
import { expiresAfter, uploadPurpose } from './file.ts';

/** Fields of the form of a part, in addition to its file. */
export const addPartSchema = z.strictObject({});

export const createUploadSchema: z.ZodType<CreateUploadBody> = z.strictObject({
  bytes: integer(1),
  filename: filled,
  mime_type: text(255),
  purpose: uploadPurpose,
  expires_after: expiresAfter.optional(),
});

/** Some SDKs send null for a checksum that is not given. */
export const completeUploadSchema: z.ZodType<CompleteUploadBody> = z.strictObject({
  part_ids: z.array(z.string()),
  md5: z
    .string()
    .nullish()
    .transform((md5) => md5 ?? undefined),
});
