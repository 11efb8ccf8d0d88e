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

/** A field of a selection. */
export interface Selected {
  readonly field: GraphQLField<unknown, unknown>;
  readonly nodes: readonly [FieldNode, ...FieldNode[]];
  readonly parentType: GraphQLObjectType;
}

/** What the resolver of a selected field would be given, beside its object; `parent` is where the selection stands. */
export const handedTo = ({ field, nodes, parentType }: Selected, parent: GraphQLResolveInfo) => {
  const args = getArgumentValues(field, nodes[0], parent.variableValues);
  const path = { prev: parent.path, key: field.name, typename: parentType.name };
  const { schema, fragments, rootValue, operation, variableValues } = parent;
  const same = { schema, fragments, rootValue, operation, variableValues };
  return {
    args,
    info: { ...same, fieldName: field.name, fieldNodes: nodes, returnType: field.type, parentType, path },
  };
};

/**
 * The fields that a selection asks of an object type, fragments, variables, `@skip` and `@include` honoured. Worked out
 * once a place of the document, however many objects stand there: all of them are handed the same `fieldNodes`, and so are those
 * of a later request where it selects the same.
 */
export const selectedFields = (info: GraphQLResolveInfo, type: GraphQLObjectType): Selected[] => {
  const types = memory.get(info.fieldNodes) ?? new Map<GraphQLObjectType, Selected[]>();
  const known = types.get(type);
  if (known) return known;
  const selected: Selected[] = [];
  for (const [node, ...others] of subfields(info, type, info.fieldNodes).values()) {
    const field = node && type.getFields()[node.name.value];
    if (field) selected.push({ field, nodes: [node, ...others], parentType: type });
  }
  memory.set(info.fieldNodes, types.set(type, selected));
  return selected;
};

const memory = new WeakMap<readonly FieldNode[], Map<GraphQLObjectType, Selected[]>>();

const subfields = (info: GraphQLResolveInfo, type: GraphQLObjectType, nodes: readonly FieldNode[]) =>
  collectSubfields(info.schema, info.fragments, info.variableValues, type, nodes);

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
