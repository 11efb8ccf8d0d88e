import { getArgumentValues, Kind, type ValueNode } from 'graphql';
import type { Execution } from './execution.ts';
import type { Selected } from './selection.ts';

type Args = Record<string, unknown>;

/**
 * The coerced arguments of a selected field, a new object for each call: a resolver may change what it gets. They are coerced once
 * for all requests, or once per execution if they depend on variables. Throws what graphql-js throws.
 */
export const argumentsOf = ({ field, nodes: [node], number }: Selected): ((execution: Execution) => Args) => {
  if (!node || field.args.length === 0) return () => ({});
  const coerced = (variables?: Record<string, unknown>) => getArgumentValues(field, node, variables);
  if (node.arguments?.some(({ value }) => hasVariable(value))) {
    return ({ args, variables }) => {
      const known = args[number];
      if (known) return { ...known };
      const values = coerced(variables);
      if (isFlat(values)) args[number] = { ...values };
      return values;
    };
  }
  let known: Args | undefined;
  return () => {
    if (known) return { ...known };
    const values = coerced();
    if (isFlat(values)) known = { ...values };
    return values;
  };
};

/** Whether a copy of it shares nothing that could be changed. */
const isFlat = (values: Args) => Object.values(values).every((value) => typeof value !== 'object' || value === null);

const hasVariable = (value: ValueNode): boolean => {
  if (value.kind === Kind.LIST) return value.values.some(hasVariable);
  if (value.kind === Kind.OBJECT) return value.fields.some((field) => hasVariable(field.value));
  return value.kind === Kind.VARIABLE;
};
