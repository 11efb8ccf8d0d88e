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

/** A field of a selection, and what its resolver would be given. */
export class Selected {
  readonly field: GraphQLField<unknown, unknown>;
  readonly #nodes: readonly FieldNode[];
  readonly #parent: GraphQLResolveInfo;
  readonly #parentType: GraphQLObjectType;
  #args: Record<string, unknown> | undefined;
  #info: GraphQLResolveInfo | undefined;

  constructor(
    field: GraphQLField<unknown, unknown>,
    nodes: readonly FieldNode[],
    parent: GraphQLResolveInfo,
    parentType: GraphQLObjectType,
  ) {
    this.field = field;
    this.#nodes = nodes;
    this.#parent = parent;
    this.#parentType = parentType;
  }

  get args(): Record<string, unknown> {
    const [node] = this.#nodes;
    this.#args ??= node ? getArgumentValues(this.field, node, this.#parent.variableValues) : {};
    return this.#args;
  }

  get info(): GraphQLResolveInfo {
    this.#info ??= {
      ...this.#parent,
      fieldName: this.field.name,
      fieldNodes: this.#nodes,
      returnType: this.field.type,
      parentType: this.#parentType,
      path: { prev: this.#parent.path, key: this.field.name, typename: this.#parentType.name },
    };
    return this.#info;
  }
}

/**
 * The fields that a selection asks of an object type, fragments, variables, `@skip` and `@include` honoured. Worked out
 * once a place of the document, however many objects stand there: graphql-js hands each of them the same `fieldNodes`.
 */
export const selectedFields = (info: GraphQLResolveInfo, type: GraphQLObjectType): Selected[] => {
  const types = memory.get(info.fieldNodes) ?? new Map<GraphQLObjectType, Selected[]>();
  const known = types.get(type);
  if (known) return known;
  const selected: Selected[] = [];
  for (const nodes of subfields(info, type, info.fieldNodes).values()) {
    const field = nodes[0] && type.getFields()[nodes[0].name.value];
    if (field) selected.push(new Selected(field, nodes, info, type));
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
