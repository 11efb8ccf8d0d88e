import type { Received } from '../rest/received.ts';
import type { RestExpiresAfter } from '../wire/vectorStore.ts';
import { builder } from './builder.ts';
import { unknownValue } from './openEnum.ts';

const VectorStoreExpiryAnchor = builder.enumType('VectorStoreExpiryAnchor', {
  description: 'The time from which the days until a vector store expires are counted.',
  values: {
    LAST_ACTIVE_AT: { value: 'last_active_at', description: 'When the vector store was last used.' },
    ...unknownValue,
  } as const,
});

export const VectorStoreExpiry = builder.objectRef<Received<RestExpiresAfter>>('VectorStoreExpiry').implement({
  description: 'After what time a vector store expires.',
  fields: (t) => ({
    anchor: t.expose('anchor', {
      type: VectorStoreExpiryAnchor,
      nullable: true,
      description: 'The time from which the days are counted.',
    }),
    days: t.exposeInt('days', { nullable: true, description: 'The number of days.' }),
  }),
});

export const VectorStoreExpiryInput = builder.inputType('VectorStoreExpiryInput', {
  description: 'After what time a vector store expires.',
  fields: (t) => ({
    anchor: t.field({
      type: VectorStoreExpiryAnchor,
      required: true,
      description: 'The time from which the days are counted.',
    }),
    days: t.int({ required: true, description: 'The number of days, from 1 to 365.' }),
  }),
});
