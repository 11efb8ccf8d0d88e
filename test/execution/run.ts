import { execute, type GraphQLError, type GraphQLSchema, parse } from 'graphql';
import type { Bounds } from '../../src/execution/bounds.ts';
import { prepare, type Prepare } from '../../src/execution/prepared.ts';
import { textOf } from '../support/pieces.ts';

/** A result in a form that can be compared: JSON text, since the order of its members counts. */
export interface Outcome {
  readonly data: string;
  readonly errors: readonly unknown[];
}

/** Has the compiling executor execute a document, or another one. */
export const run = async (
  schema: GraphQLSchema,
  text: string,
  {
    context,
    variables = {},
    bounds,
    by = prepare,
  }: { context?: unknown; variables?: Record<string, unknown>; bounds?: Bounds; by?: Prepare } = {},
) => {
  const executing = by(schema, parse(text), undefined)?.(variables, context, bounds);
  if (!executing) throw new Error('The operation was not executed.');
  const { data, errors } = await executing;
  return { data: JSON.parse(textOf(data)), text: textOf(data), errors };
};

/** The outcome that graphql-js gives a document. */
export const expected = async (
  schema: GraphQLSchema,
  text: string,
  contextValue?: unknown,
  variableValues: Record<string, unknown> = {},
): Promise<Outcome> => {
  const { data = null, errors = [] } = await execute({ schema, document: parse(text), contextValue, variableValues });
  return outcomeOf(JSON.stringify(data), errors);
};

export const outcomeOf = (data: string, errors: readonly GraphQLError[]): Outcome => ({
  data,
  errors: errors.map((error) => JSON.parse(JSON.stringify(error))),
});

const nothing = () => {};

/** A promise that can be settled from outside. */
export const pending = <Value>() => {
  let settle: (value: Value) => void = nothing;
  const promise = new Promise<Value>((resolve) => {
    settle = resolve;
  });
  return { promise, settle };
};
