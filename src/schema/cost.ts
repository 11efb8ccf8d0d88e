import { pure } from '../execution/purity.ts';
import { decimalText } from '../prices/decimal.ts';
import type { Money } from '../prices/price.ts';
import { builder } from './builder.ts';

declare module 'graphql' {
  interface GraphQLFieldExtensions<_TSource, _TContext, _TArgs> {
    /** The field uses the context for its configuration only: it costs no REST call. */
    configOnly?: boolean;
  }
}

/** The options of a field that costs no REST call, although it uses the context. */
export const configOnly = { extensions: { configOnly: true } };

/** Of a run, a step or a thread. */
export const TokenCost = builder.objectRef<Money>('Cost').implement({
  description: 'What tokens cost, by the prices of the server. Tools that a provider charges for are not included.',
  fields: (t) => ({
    amount: t.field({
      type: 'Decimal',
      nullable: false,
      description:
        'The exact amount, not rounded. It can have more decimal places than the currency: round only what you display, and round sums after adding.',
      resolve: pure(({ amount }) => decimalText(amount)),
    }),
    currency: t.exposeString('currency', {
      nullable: false,
      description: 'The ISO 4217 code of the currency, such as `USD`.',
    }),
  }),
});
