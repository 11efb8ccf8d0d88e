import { getOperationAST, type DocumentNode, type GraphQLSchema, OperationTypeNode } from 'graphql';
import { compileQuery, isCompiledQuery } from 'graphql-jit';
import { binaryOf, type Piece } from '../../src/execution/bytes.ts';

/** graphql-jit behind the interface of `src/execution/prepared.ts`. Its own writer of JSON (`customJSONSerializer`) takes longer for this schema. */
export const prepare = (schema: GraphQLSchema, document: DocumentNode, operationName: string | undefined) => {
  const operation = getOperationAST(document, operationName);
  if (!operation || operation.operation === OperationTypeNode.SUBSCRIPTION) return undefined;
  const compiled = compileQuery(schema, document, operationName);
  if (!isCompiledQuery(compiled)) return undefined;
  return async (variableValues: Readonly<Record<string, unknown>>, contextValue: unknown) => {
    const { data, errors = [] } = await compiled.query(undefined, contextValue, { ...variableValues });
    const pieces: Piece[] = [binaryOf(JSON.stringify(data ?? null))];
    return { data: pieces, errors };
  };
};
