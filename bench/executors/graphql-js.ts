import { execute, getOperationAST, type DocumentNode, type GraphQLSchema, OperationTypeNode } from 'graphql';
import { binaryOf, type Piece } from '../../src/execution/bytes.ts';

/** graphql-js behind the interface of `src/execution/prepared.ts`. */
export const prepare = (schema: GraphQLSchema, document: DocumentNode, operationName: string | undefined) => {
  const operation = getOperationAST(document, operationName);
  if (!operation || operation.operation === OperationTypeNode.SUBSCRIPTION) return undefined;
  return async (variableValues: Readonly<Record<string, unknown>>, contextValue: unknown) => {
    const { data, errors = [] } = await execute({ schema, document, operationName, variableValues, contextValue });
    const pieces: Piece[] = [binaryOf(JSON.stringify(data ?? null))];
    return { data: pieces, errors };
  };
};
