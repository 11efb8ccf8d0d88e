import type { Received } from '../rest/received.ts';
import type { RestTruncation } from '../wire/run.ts';
import { builder } from './builder.ts';
import { unknownValue } from './openEnum.ts';

const TruncationType = builder.enumType('TruncationType', {
  description: 'How the thread is truncated to fit into the context of the model.',
  values: {
    AUTO: {
      value: 'auto',
      description:
        'Messages are dropped until the rest fits into the context of the model. The embedded engine drops the oldest.',
    },
    LAST_MESSAGES: { value: 'last_messages', description: 'Only the most recent messages are used.' },
    ...unknownValue,
  } as const,
});

export const Truncation = builder.objectRef<Received<RestTruncation>>('Truncation').implement({
  description: 'How the thread is truncated to fit into the context of the model. Dropped messages stay in the thread.',
  fields: (t) => ({
    type: t.expose('type', { type: TruncationType, nullable: true, description: 'The truncation strategy.' }),
    lastMessages: t.exposeInt('last_messages', {
      nullable: true,
      description: 'The number of most recent messages to use. Null unless `type` is `LAST_MESSAGES`.',
    }),
  }),
});

export const TruncationInput = builder.inputType('TruncationInput', {
  description: 'How the thread is truncated to fit into the context of the model.',
  fields: (t) => ({
    type: t.field({ type: TruncationType, required: true, description: 'The truncation strategy.' }),
    lastMessages: t.int({
      description: 'The number of most recent messages to use, at least 1. Only with `LAST_MESSAGES`.',
    }),
  }),
});
