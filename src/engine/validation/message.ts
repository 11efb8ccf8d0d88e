import { z } from 'zod';
import type { CreateMessageBody, ModifyMessageBody } from '../../wire/message.ts';
import { boundedList, metadata, text } from './fields.ts';
import { codeInterpreterTool } from './tools.ts';

/** Characters in one text part. Taken from the hosted API's error messages; its specification states no limit. */
const contentLimit = 256_000;

const detail = z.enum(['auto', 'low', 'high']).optional();

// Frontends render these URLs: a `javascript:` URL would run in them, and a `data:` URL can be of any size.
const imageUrl = z
  .string()
  .refine((value) => URL.canParse(value), {
    message: "Invalid '{param}'. Expected a valid URL, but got a value with an invalid format.",
    abort: true,
  })
  .refine((value) => ['http:', 'https:'].includes(new URL(value).protocol), {
    message: "Invalid '{param}'. Expected a URL that begins with 'http://' or 'https://'.",
  });

const part = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('text'), text: text(contentLimit) }),
  z.strictObject({ type: z.literal('image_url'), image_url: z.strictObject({ url: imageUrl, detail }) }),
  z.strictObject({ type: z.literal('image_file'), image_file: z.strictObject({ file_id: z.string(), detail }) }),
]);

const attachmentTool = z.discriminatedUnion('type', [
  codeInterpreterTool,
  z.strictObject({ type: z.literal('file_search') }),
]);

const attachment = z.strictObject({ file_id: z.string().optional(), tools: boundedList(attachmentTool).optional() });

export const createMessageSchema: z.ZodType<CreateMessageBody> = z.strictObject({
  role: z.enum(['user', 'assistant']),
  content: z.union([text(contentLimit), boundedList(part, 1)]),
  attachments: boundedList(attachment).nullable().optional(),
  metadata: metadata.nullable().optional(),
});

export const modifyMessageSchema: z.ZodType<ModifyMessageBody> = z.strictObject({
  metadata: metadata.nullable().optional(),
});
