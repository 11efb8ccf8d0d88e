import type {
  FieldNode,
  FragmentDefinitionNode,
  GraphQLField,
  GraphQLObjectType,
  GraphQLResolveInfo,
  GraphQLSchema,
  OperationDefinitionNode,
} from 'graphql';
import type { Path } from './deferred.ts';
import type { Execution } from './execution.ts';

/** An operation of a document. */
export interface Source {
  readonly schema: GraphQLSchema;
  readonly operation: OperationDefinitionNode;
  readonly fragments: Record<string, FragmentDefinitionNode>;
}

/** A field that a document selects on an object type. */
export interface Selected {
  readonly field: GraphQLField<unknown, unknown>;
  readonly parentType: GraphQLObjectType;
  /** Its alias, or its name. */
  readonly key: string;
  readonly nodes: readonly FieldNode[];
  /** No other field of the plan has it. */
  readonly number: number;
}

/** Such as `Run.status`. */
export const nameOf = ({ field, parentType }: Selected): string => `${parentType.name}.${field.name}`;

/** The fourth argument of a resolver. An object of its own members: wrappers of resolvers copy it. */
export const infoOf = (
  { schema, operation, fragments }: Source,
  { field, nodes, parentType }: Selected,
  { variables }: Execution,
  path: Path,
): GraphQLResolveInfo => ({
  fieldName: field.name,
  fieldNodes: nodes,
  returnType: field.type,
  parentType,
  path,
  schema,
  fragments,
  rootValue: undefined,
  operation,
  variableValues: variables,
});

/** The path of the field that a value belongs to: that of an item of a list ends with its index. */
export const fieldPathOf = (path: Path): Path => {
  let at = path;
  while (typeof at.key === 'number' && at.prev !== undefined) at = at.prev;
  return at;
};
