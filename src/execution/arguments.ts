import { type GraphQLField, getArgumentValues, isNonNullType, isRequiredArgument, Kind, type ValueNode } from 'graphql';
import type { Execution } from './execution.ts';
import type { Selected } from './selection.ts';

type Args = Record<string, unknown>;
type Variables = Readonly<Record<string, unknown>>;

/**
 * The coerced arguments of a selected field, a new object for each call: a resolver may change what it gets. They are coerced once
 * for all requests, or once per execution if they depend on variables. Throws what graphql-js throws.
 */
export const argumentsOf = ({ field, nodes: [node], number }: Selected): ((execution: Execution) => Args) => {
  if (!node || field.args.length === 0) return () => ({});
  const coerced = (variables?: Record<string, unknown>) => getArgumentValues(field, node, variables);
  const given = new Map(node.arguments?.map(({ name, value }) => [name.value, value]));
  if ([...given.values()].some(hasVariable)) {
    const direct = directArguments(field, given);
    return ({ args, variables }) => {
      const known = args[number];
      if (known) return { ...known };
      const values = (direct && direct(variables)) ?? coerced(variables);
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

/**
 * As `argumentsOf`, for a field of the subscription type, whose resolver is called for each event: they are coerced once for all events
 * of a subscription. Its resolver must not change them.
 */
export const eventArgumentsOf = (selected: Selected): ((execution: Execution) => Args) => {
  const argsOf = argumentsOf(selected);
  const coerced = new WeakMap<Variables, Args>();
  return (execution) => {
    const args = coerced.get(execution.variables) ?? argsOf(execution);
    coerced.set(execution.variables, args);
    return args;
  };
};

/**
 * Reads arguments that are whole variables from coerced variables, of which validation has checked the types. The function returns
 * undefined if a required one has no value. Undefined if an argument has a value of another kind, or a default.
 */
const directArguments = (
  { args }: GraphQLField<unknown, unknown>,
  given: ReadonlyMap<string, ValueNode>,
): ((variables: Variables) => Args | undefined) | undefined => {
  const members: { name: string; variable: string; required: boolean }[] = [];
  for (const argument of args) {
    const { name, type, defaultValue } = argument;
    const value = given.get(name);
    if (defaultValue !== undefined || (value ? value.kind !== Kind.VARIABLE : isRequiredArgument(argument)))
      return undefined;
    if (value?.kind === Kind.VARIABLE)
      members.push({ name, variable: value.name.value, required: isNonNullType(type) });
  }
  return (variables) => {
    const values: Args = {};
    for (const { name, variable, required } of members) {
      const value = Object.hasOwn(variables, variable) ? variables[variable] : undefined;
      if (required && value == null) return undefined;
      if (value !== undefined) values[name] = value;
    }
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
