import { execute, getOperationAST, getVariableValues, GraphQLError } from 'graphql';
import { ExecutionCancelledError, ResponseTooLargeError } from './bounds.ts';
import { binaryOf } from './bytes.ts';
import type { Prepare, WrittenResult } from './prepared.ts';

/**
 * Has graphql-js execute an operation, behind the interface of `prepared.ts`. Its results cannot be bounded while they are made:
 * `maxBytes` and `isCancelled` are looked at when the result is complete, and `maxItems` is ignored.
 */
export const prepareByGraphqlJs: Prepare = (schema, document, operationName) => {
  const operation = getOperationAST(document, operationName);
  if (!operation || !schema.getRootType(operation.operation)) return undefined;
  return (
    variableValues,
    contextValue,
    { maxBytes = Number.POSITIVE_INFINITY, isCancelled } = {},
    coerced,
    rootValue,
  ) => {
    const isValid =
      coerced !== undefined ||
      getVariableValues(schema, operation.variableDefinitions ?? [], variableValues).coerced !== undefined;
    if (!isValid) return undefined;
    const executing = async (): Promise<WrittenResult> => {
      const { data, errors = [] } = await execute({
        schema,
        document,
        operationName,
        rootValue,
        variableValues,
        contextValue,
      });
      if (isCancelled?.() === true) return nothing(new ExecutionCancelledError());
      const json = binaryOf(JSON.stringify(data ?? null));
      return json.length > maxBytes ? nothing(new ResponseTooLargeError(maxBytes, 'bytes')) : { data: [json], errors };
    };
    return executing();
  };
};

const nothing = (error: Error): WrittenResult => ({
  data: ['null'],
  errors: [new GraphQLError(error.message, { originalError: error })],
});
