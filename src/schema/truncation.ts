import type { Received } from '../rest/received.ts';
import type { RestTruncation } from '../wire/run.ts';
import { builder } from './builder.ts';
import { unknownValue } from './openEnum.ts';

const TruncationType = builder.enumType('TruncationType', {
  description: 'How a thread that is too long is shortened for the model.',
  values: {
    AUTO: { value: 'auto', description: 'Messages are left out of its middle until it fits.' },
    LAST_MESSAGES: { value: 'last_messages', description: 'Only the newest messages are kept.' },
    ...unknownValue,
  } as const,
});

export const Truncation = builder.objectRef<Received<RestTruncation>>('Truncation').implement({
  description: 'How a thread that is too long is shortened for the model. Nothing is deleted by it.',
  fields: (t) => ({
    type: t.expose('type', { type: TruncationType, nullable: true, description: 'How it is shortened.' }),
    lastMessages: t.exposeInt('last_messages', {
      nullable: true,
      description: 'How many of the newest messages are kept. Null unless `type` is `LAST_MESSAGES`.',
    }),
  }),
});

export const TruncationInput = builder.inputType('TruncationInput', {
  description: 'How a thread that is too long is shortened for the model.',
  fields: (t) => ({
    type: t.field({ type: TruncationType, required: true, description: 'How it is shortened.' }),
    lastMessages: t.int({
      description: 'How many of the newest messages are kept; 1 or more. Goes with `LAST_MESSAGES`.',
    }),
  }),
});
