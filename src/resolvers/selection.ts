import {
  type FieldNode,
  getArgumentValues,
  getNamedType,
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLResolveInfo,
  isAbstractType,
  isCompositeType,
  isObjectType,
} from 'graphql';
import { collectSubfields } from 'graphql/execution/collectFields.js';

/** A field of a selection, with what its resolver would be given. */
export interface Selected {
  field: GraphQLField<unknown, unknown>;
  args: Record<string, unknown>;
  info: GraphQLResolveInfo;
}

/**
 * The fields that a selection asks of an object type, fragments, variables, `@skip` and `@include` honoured. Worked out
 * once a place of the document, however many objects stand there: graphql-js hands each of them the same `fieldNodes`.
 */
export const selectedFields = (info: GraphQLResolveInfo, type: GraphQLObjectType): Selected[] => {
  const known = memory.get(info.fieldNodes)?.get(type);
  if (known) return known;
  const selected: Selected[] = [];
  for (const nodes of subfields(info, type, info.fieldNodes).values()) {
    const field = nodes[0] && type.getFields()[nodes[0].name.value];
    if (field && nodes[0])
      selected.push({
        field,
        args: getArgumentValues(field, nodes[0], info.variableValues),
        info: subInfo(info, type, field, nodes),
      });
  }
  const types = memory.get(info.fieldNodes) ?? new Map<GraphQLObjectType, Selected[]>();
  memory.set(info.fieldNodes, types.set(type, selected));
  return selected;
};

const memory = new WeakMap<readonly FieldNode[], Map<GraphQLObjectType, Selected[]>>();

const subfields = (info: GraphQLResolveInfo, type: GraphQLObjectType, nodes: readonly FieldNode[]) =>
  collectSubfields(info.schema, info.fragments, info.variableValues, type, nodes);

const subInfo = (
  info: GraphQLResolveInfo,
  parentType: GraphQLObjectType,
  field: GraphQLField<unknown, unknown>,
  fieldNodes: readonly FieldNode[],
): GraphQLResolveInfo => ({
  ...info,
  fieldName: field.name,
  fieldNodes,
  returnType: field.type,
  parentType,
  path: { prev: info.path, key: field.name, typename: parentType.name },
});

/** Whether anything under this field selects `fieldName` of `typeName`; `enter` tells which object types to look into. */
export const selects = (
  info: GraphQLResolveInfo,
  typeName: string,
  fieldName: string,
  enter: (type: GraphQLObjectType) => boolean,
): boolean => {
  const search = (output: GraphQLOutputType, nodes: readonly FieldNode[]): boolean => {
    const named = getNamedType(output);
    if (!isCompositeType(named)) return false;
    const types = isAbstractType(named) ? info.schema.getPossibleTypes(named) : [named];
    return types.some((type) => isObjectType(type) && enter(type) && searchFields(type, nodes));
  };
  const searchFields = (type: GraphQLObjectType, nodes: readonly FieldNode[]) => {
    for (const subnodes of subfields(info, type, nodes).values()) {
      const field = subnodes[0] && type.getFields()[subnodes[0].name.value];
      if (!field) continue;
      if (type.name === typeName && field.name === fieldName) return true;
      if (search(field.type, subnodes)) return true;
    }
    return false;
  };
  return search(info.returnType, info.fieldNodes);
};

/** Whether a connection is asked for more than its items. */
export const needsPageInfo = (info: GraphQLResolveInfo) => {
  const type = getNamedType(info.returnType);
  return isObjectType(type) && selectedFields(info, type).some(({ field }) => field.name === 'pageInfo');
};
