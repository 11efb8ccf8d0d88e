import {
  type DocumentNode,
  type FragmentDefinitionNode,
  getOperationAST,
  getVariableValues,
  type GraphQLError,
  GraphQLIncludeDirective,
  type GraphQLSchema,
  GraphQLSkipDirective,
  Kind,
  OperationTypeNode,
  visit,
} from 'graphql';
import { LRUCache } from 'lru-cache';
import type { Bounds } from './bounds.ts';
import { encoded, type Piece } from './bytes.ts';
import { Compiler } from './compile.ts';
import type { Deferred } from './deferred.ts';
import { Execution } from './execution.ts';
import { JsonWriter } from './jsonWriter.ts';
import { type ObjectPlan, writeField, writeObject } from './plan.ts';
import { assertSupported } from './supported.ts';

/** The result of an operation. */
export interface WrittenResult {
  /** The value of `data`, as JSON in UTF-8. */
  readonly data: readonly Piece[];
  readonly errors: readonly GraphQLError[];
}

/**
 * Executes an operation; undefined if the variables are invalid, and nothing was executed. `coerced` are the same variables after
 * coercion, if the caller has coerced them already. Of a subscription it makes the result of one event, which is `root`. The promise never rejects. If a bound is
 * reached, the result has `data: null` and one error, whose `originalError` is a ResponseTooLargeError or an ExecutionCancelledError,
 * and no further resolver is called.
 */
export type Prepared = (
  variables: Readonly<Record<string, unknown>>,
  context: unknown,
  bounds?: Bounds,
  coerced?: Record<string, unknown>,
  root?: unknown,
) => Promise<WrittenResult> | undefined;

/** Makes of a valid document what executes one of its operations, again and again. */
export type Prepare = (
  schema: GraphQLSchema,
  document: DocumentNode,
  operationName: string | undefined,
) => Prepared | undefined;

/** `@skip` and `@include` with variables make several plans of one operation: this many are kept. */
const MAX_PLANS = 16;

/** Shared by all executions. */
const writer = new JsonWriter();

const UNBOUNDED: Bounds = {};

const NOTHING: ObjectPlan = { fields: [], end: encoded('') };

/**
 * Compiles an operation. It has the result that graphql-js gives it. Undefined if it is not clear which operation is meant. Throws for a schema that is not supported: see `assertSupported`.
 */
export const prepare: Prepare = (schema, document, operationName) => {
  assertSupported(schema);
  const operation = getOperationAST(document, operationName);
  const type = operation ? schema.getRootType(operation.operation) : undefined;
  if (!operation || !type) return undefined;

  const source = { schema, operation, fragments: fragmentsOf(document) };
  const conditions = conditionsOf(document);
  const plans = new LRUCache<string, ObjectPlan>({ max: MAX_PLANS });
  let last: { key: string; plan: ObjectPlan } | undefined;
  const planFor = (variables: Record<string, unknown>): ObjectPlan => {
    const key = conditions.map((name) => String(variables[name])).join();
    if (last?.key === key) return last.plan;
    const values = Object.fromEntries(conditions.map((name) => [name, variables[name]]));
    const plan = plans.get(key) ?? new Compiler(source, values).root(type);
    plans.set(key, plan);
    last = { key, plan };
    return plan;
  };
  const execute = operation.operation === OperationTypeNode.MUTATION ? serially : inParallel;
  const coercedFrom = (given: Readonly<Record<string, unknown>>) =>
    getVariableValues(schema, operation.variableDefinitions ?? [], given).coerced;
  return (given, context, bounds = UNBOUNDED, coerced = coercedFrom(given), root) =>
    coerced && execute(() => planFor(coerced), new Execution(writer, context, coerced, bounds), root);
};

type Execute = (planned: () => ObjectPlan, execution: Execution, root: unknown) => Promise<WrittenResult>;

const inParallel: Execute = async (planned, execution, root) => {
  const data = execution.root(() => writeObject(planned(), execution, root, undefined));
  await execution.settled();
  return resultOf(execution, [data]);
};

/** Each field of a mutation waits for the one before it. */
const serially: Execute = async (planned, execution) => {
  const data: Deferred[] = [];
  let plan: ObjectPlan = NOTHING;
  execution.root(() => {
    plan = planned();
  });
  for (const field of plan.fields) {
    data.push(execution.root(() => writeField(field, execution, undefined, undefined)));
    await execution.settled();
    if (execution.isStopped) break;
  }
  data.push(execution.root(() => execution.writer.bytes(plan.end)));
  return resultOf(execution, data);
};

const resultOf = (execution: Execution, data: readonly Deferred[]): WrittenResult => ({
  data: execution.dataOf(data),
  errors: execution.resultErrors(),
});

const fragmentsOf = ({ definitions }: DocumentNode) => {
  const fragments: Record<string, FragmentDefinitionNode> = {};
  for (const one of definitions) if (one.kind === Kind.FRAGMENT_DEFINITION) fragments[one.name.value] = one;
  return fragments;
};

/** The variables that decide what is selected. */
const conditionsOf = (document: DocumentNode): string[] => {
  const names = new Set<string>();
  visit(document, {
    Directive: ({ name, arguments: args = [] }) => {
      if (name.value !== GraphQLSkipDirective.name && name.value !== GraphQLIncludeDirective.name) return;
      for (const { value } of args) if (value.kind === Kind.VARIABLE) names.add(value.name.value);
    },
  });
  return [...names];
};
