import { builder } from './builder.ts';

const SortOrder = builder.enumType('SortOrder', {
  description: 'The order of a list, by when its items were created.',
  values: {
    ASC: { value: 'asc', description: 'Oldest first.' },
    DESC: { value: 'desc', description: 'Newest first.' },
  } as const,
});

/** The `order` argument of every connection. */
export const orderArg = builder.args((t) => ({
  order: t.field({
    type: SortOrder,
    defaultValue: 'desc',
    description: 'Which way the list runs. Cursors are good for both.',
  }),
}));
