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
import { Recent } from '../pipeline/recent.ts';
import { Box } from './box.ts';
import { Compiler } from './compile.ts';
import { type PlannedField, writeEnd, writeObject } from './complete.ts';
import type { Piece } from './bytes.ts';
import { Out } from './out.ts';
import { Run } from './run.ts';

/** What came of an operation. */
export interface Answer {
  /** The value of `data`, as JSON in UTF-8. */
  readonly data: readonly Piece[];
  readonly errors: readonly GraphQLError[];
}

/** Executes an operation; undefined where its variables do not fit, and nothing was executed. The promise never rejects. */
export type Prepared = (variables: Readonly<Record<string, unknown>>, context: unknown) => Promise<Answer> | undefined;

/** `@skip` and `@include` make other plans of one operation: of these so many are kept. */
const MAX_PLANS = 16;

/** All that is executed is written here. */
const out = new Out();

/** No resolver of a root field looks at it. */
const ROOT = {};

/**
 * Prepares an operation of a valid document, to be executed again and again: as graphql-js does it, but for what can be worked
 * out before there is a value. Undefined for a subscription, and where it is not clear which operation is meant.
 */
export const prepare = (
  schema: GraphQLSchema,
  document: DocumentNode,
  operationName: string | undefined,
): Prepared | undefined => {
  const operation = getOperationAST(document, operationName);
  const type = operation ? schema.getRootType(operation.operation) : undefined;
  if (!operation || !type || operation.operation === OperationTypeNode.SUBSCRIPTION) return undefined;

  const source = { schema, operation, fragments: fragmentsOf(document) };
  const conditions = conditionsOf(document);
  const plans = new Recent<string, PlannedField[]>(MAX_PLANS);
  const planFor = (variables: Record<string, unknown>) => {
    const values = conditions.map((name) => [name, variables[name]] as const);
    if (values.some(([, value]) => typeof value !== 'boolean')) return undefined;
    const key = values.map(([, value]) => String(value)).join();
    return plans.get(key) ?? plans.put(key, new Compiler(source, Object.fromEntries(values)).root(type));
  };
  const execute = operation.operation === OperationTypeNode.MUTATION ? oneByOne : allAtOnce;
  return (given, context) => {
    const { coerced } = getVariableValues(schema, operation.variableDefinitions ?? [], given);
    const fields = coerced && planFor(coerced);
    return fields && execute(fields, new Run(out, context, coerced));
  };
};

const allAtOnce = async (fields: PlannedField[], run: Run): Promise<Answer> => {
  const data = written(run, () => writeObject(fields, run, ROOT, undefined));
  await run.settled();
  return answered(run, [data]);
};

/** Of a mutation each field waits for the one before it. */
const oneByOne = async (fields: PlannedField[], run: Run): Promise<Answer> => {
  const data: Box[] = [];
  for (const field of fields) {
    data.push(
      written(run, () => {
        run.out.bytes(field.before);
        field.write(run, ROOT, undefined);
      }),
    );
    await run.settled();
    if (run.isNull) return answered(run, [new Box(undefined)]);
  }
  data.push(written(run, () => writeEnd(fields, run)));
  return answered(run, data);
};

/** What `write` writes; null where that throws: nothing but the whole answer can be. */
const written = (run: Run, write: () => void): Box => {
  const mark = run.out.mark();
  try {
    write();
  } catch (error) {
    run.out.rewind(mark);
    run.failed(error, undefined, { nodes: [], nullable: true });
  }
  return new Box(undefined).fill(run.out.take(mark));
};

const answered = ({ errors }: Run, boxes: readonly Box[]): Answer => {
  const data: Piece[] = [];
  for (const box of boxes) box.addTo(data);
  return { data, errors };
};

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
