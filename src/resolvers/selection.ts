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
export interface SelectedField {
  readonly field: GraphQLField<unknown, unknown>;
  readonly nodes: readonly [FieldNode, ...FieldNode[]];
  readonly parentType: GraphQLObjectType;
}

/** The arguments and `info` that the resolver of a selected field would get; `parent` is the `info` of the selection's field. */
export const argumentsAndInfo = ({ field, nodes, parentType }: SelectedField, parent: GraphQLResolveInfo) => {
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
 * The fields that are selected on an object type, with fragments, variables, `@skip` and `@include` applied. Computed once for
 * each field of the document: all objects there, also those of a later request for the same selection, share its `fieldNodes`.
 */
export const selectedFields = (info: GraphQLResolveInfo, type: GraphQLObjectType): SelectedField[] => {
  const types = memory.get(info.fieldNodes) ?? new Map<GraphQLObjectType, SelectedField[]>();
  const known = types.get(type);
  if (known) return known;
  const selected: SelectedField[] = [];
  for (const [node, ...others] of subfields(info, type, info.fieldNodes).values()) {
    const field = node && type.getFields()[node.name.value];
    if (field) selected.push({ field, nodes: [node, ...others], parentType: type });
  }
  memory.set(info.fieldNodes, types.set(type, selected));
  return selected;
};

const memory = new WeakMap<readonly FieldNode[], Map<GraphQLObjectType, SelectedField[]>>();

const subfields = (info: GraphQLResolveInfo, type: GraphQLObjectType, nodes: readonly FieldNode[]) =>
  collectSubfields(info.schema, info.fragments, info.variableValues, type, nodes);

/** Whether `fieldName` of `typeName` is selected anywhere under this field; only object types that `enter` accepts are searched. */
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

/** Whether the `pageInfo` of a connection is selected. */
export const needsPageInfo = (info: GraphQLResolveInfo) => {
  const type = getNamedType(info.returnType);
  return isObjectType(type) && selectedFields(info, type).some(({ field }) => field.name === 'pageInfo');
};
