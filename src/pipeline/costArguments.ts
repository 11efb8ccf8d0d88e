import { type DocumentNode, type FieldNode, Kind, type ValueNode, visit } from 'graphql';

/** Coerced. */
export type Variables = Readonly<Record<string, unknown>>;

/** The value of an argument; undefined if it is absent, null, or not a whole number. */
export const wholeNumberOf = (node: FieldNode, name: string, variables: Variables): number | undefined => {
  const value = argumentOf(node, name);
  const number =
    value?.kind === Kind.VARIABLE ? variables[value.name.value] : value?.kind === Kind.INT && Number(value.value);
  return typeof number === 'number' ? number : undefined;
};

/** How many items an argument has, which takes a list; 1 for a single value in its place. */
export const listLengthOf = (node: FieldNode, name: string, variables: Variables): number => {
  const value = argumentOf(node, name);
  if (value === undefined || value.kind === Kind.NULL) return 0;
  if (value.kind === Kind.LIST) return value.values.length;
  const list = value.kind === Kind.VARIABLE ? variables[value.name.value] : [value];
  return Array.isArray(list) ? list.length : 0;
};

const argumentOf = (node: FieldNode, name: string): ValueNode | undefined =>
  node.arguments?.find((argument) => argument.name.value === name)?.value;

/**
 * The variables that the cost of an operation may depend on: those that are the whole value of an argument. Calls with the
 * same `costKey` cost the same.
 */
export const variablesOfCost = (document: DocumentNode): readonly string[] => {
  const names = new Set<string>();
  visit(document, {
    Argument: ({ value }) => {
      if (value.kind === Kind.VARIABLE) names.add(value.name.value);
    },
  });
  return [...names];
};

export const costKey = (names: readonly string[], variables: Variables): string =>
  names.map((name) => sizeOf(variables[name])).join();

/** What the cost may depend on: the length of a list, a number, or a condition. */
const sizeOf = (value: unknown): string => {
  if (Array.isArray(value)) return `[${value.length}]`;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';
};
