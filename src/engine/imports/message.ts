import { z } from 'zod';
import { base, importedId, type ImportKind } from './kind.ts';
import { unionByType } from './unionByType.ts';

/** A part that the API does not define is kept too: models do not get it. */
const part = unionByType({
  text: z.looseObject({ text: z.looseObject({ value: z.string() }) }),
  refusal: z.looseObject({ refusal: z.string() }),
  image_url: z.looseObject({ image_url: z.looseObject({ url: z.string() }) }),
  image_file: z.looseObject({ image_file: z.looseObject({ file_id: z.string() }) }),
});

export const messageImport: ImportKind = {
  object: 'thread.message',
  table: 'messages',
  parents: [{ table: 'threads', member: 'thread_id', noun: 'thread' }],
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
