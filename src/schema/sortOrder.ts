import { builder } from './builder.ts';

const SortOrder = builder.enumType('SortOrder', {
  description: 'The order of a list, by creation time.',
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
    description: 'The order of the list. Cursors are valid for both orders.',
  }),
}));
