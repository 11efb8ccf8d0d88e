import { type DocumentNode, getOperationAST, type GraphQLSchema, type OperationTypeNode } from 'graphql';
import { requestError } from '../access/requestError.ts';
import type { Prepared } from '../execution/prepared.ts';
import { costFunction } from './cost.ts';
import type { Variables } from './costArguments.ts';
import type { CostOptions } from './costCalculation.ts';
import { MAX_ERRORS } from './errorLimit.ts';
import { type ExecutorName, executors } from './executors.ts';
import { echoed } from './limitError.ts';
import { type CoerceVariables, variableCoercion } from './variables.ts';

/** An operation of a document, ready to be executed any number of times. */
interface PreparedOperation {
  readonly name: string;
  readonly kind: OperationTypeNode;
  readonly coerce: CoerceVariables;
  /** Of a subscription, it executes one event. */
  readonly execute: Prepared | undefined;
  /** What it costs at most with coerced variables. Throws RequestError. */
  readonly costWith: (variables: Variables) => number;
}

/** A valid document, whose operations are prepared when they are first requested. */
export interface PreparedDocument {
  readonly document: DocumentNode;
  /** By the name that requests gave; undefined is the one operation of a document that has no other. Throws RequestError if there is none. */
  readonly operation: (name: string | undefined) => PreparedOperation;
}

/** What the preparation of an operation depends on, apart from its document. */
interface PreparationOptions {
  readonly schema: GraphQLSchema;
  readonly executor: ExecutorName;
  readonly cost: CostOptions;
  readonly hideSuggestions: boolean;
}

const undetermined = ({ definitions }: DocumentNode, name: string | undefined) => {
  const names = definitions.flatMap((one) => ('operation' in one ? (one.name?.value ?? []) : []));
  const listed = echoed(names.join(', '), 1000);
  if (name !== undefined)
    return `The document has no operation with the name ${echoed(name)}. It has: ${listed || 'none with a name'}.`;
  return names.length === 0 ? 'The document has no operation.' : `operationName must be one of ${listed}.`;
};

/** Prepares each operation of a document once, for all requests that name it. */
export const preparedDocument = (
  document: DocumentNode,
  { schema, executor, cost, hideSuggestions }: PreparationOptions,
): PreparedDocument => {
  const operations = new Map<string | undefined, PreparedOperation>();

  const prepare = (name: string | undefined): PreparedOperation => {
    const definition = getOperationAST(document, name);
    if (!definition) throw requestError(400, 'BAD_USER_INPUT', undetermined(document, name));
    return {
      name: definition.name?.value ?? 'anonymous',
      kind: definition.operation,
      coerce: variableCoercion(schema, definition, { maxErrors: MAX_ERRORS, hideSuggestions }),
      execute: executors[executor](schema, document, name),
      costWith: costFunction(schema, document, definition, cost),
    };
  };
  return {
    document,
    operation: (name) => {
      const known = operations.get(name);
      if (known !== undefined) return known;
      const prepared = prepare(name);
      operations.set(name, prepared);
      return prepared;
    },
  };
};
