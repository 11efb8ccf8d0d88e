import { z } from 'zod';
import { base, importedId, type ImportKind } from './kind.ts';

/** A part that the API does not define is kept too: models do not get it. */
const part = z.union([
  z.looseObject({ type: z.literal('text'), text: z.looseObject({ value: z.string() }) }),
  z.looseObject({ type: z.literal('refusal'), refusal: z.string() }),
  z.looseObject({ type: z.literal('image_url'), image_url: z.looseObject({ url: z.string() }) }),
  z.looseObject({ type: z.literal('image_file'), image_file: z.looseObject({ file_id: z.string() }) }),
  z.looseObject({ type: z.string().refine((type) => !['text', 'refusal', 'image_url', 'image_file'].includes(type)) }),
]);

export const messageImport: ImportKind = {
  object: 'thread.message',
  table: 'messages',
  parent: { table: 'threads', member: 'thread_id' },
  schema: z.looseObject({
    ...base,
    thread_id: importedId,
    run_id: importedId.nullish(),
    role: z.string(),
    content: z.array(part),
  }),
  stored: (message) =>
    message['status'] === 'in_progress'
      ? {
          ...message,
          status: 'incomplete',
          incomplete_details: { reason: 'run_expired' },
          incomplete_at: message.created_at,
        }
      : message,
};
