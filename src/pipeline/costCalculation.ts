import {
  __Schema,
  __Type,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  getDirectiveValues,
  getNamedType,
  getNullableType,
  type GraphQLField,
  GraphQLIncludeDirective,
  type GraphQLObjectType,
  type GraphQLSchema,
  GraphQLSkipDirective,
  isAbstractType,
  isCompositeType,
  isIntrospectionType,
  isListType,
  isObjectType,
  Kind,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';
import { getFieldDef } from 'graphql/execution/execute.js';
import { listLengthOf, type Variables, wholeNumberOf } from './costArguments.ts';
import { limitError } from './limitError.ts';

export interface CostOptions {
  /** The size of a page if neither `first` nor `last` is given. */
  readonly defaultPageItems: number;
  /** The most that `first` and `last` may be, and how many objects one field may be asked for by their ids. */
  readonly maxPageItems: number;
}

/** The cost of what an object of some type selects: of a connection `perItem` comes on top for each item of its page. */
interface Cost {
  readonly fixed: number;
  readonly perItem: number;
}

const FREE: Cost = { fixed: 0, perItem: 0 };

/** The assumed length of a list of objects that has no size of its own, such as the tools of an assistant. */
const ASSUMED_ITEMS = 2;

/**
 * The same within introspection. A type has few of its lists, and about half of the types that wrap another do so only once:
 * with both, introspection of the whole schema costs about as much as its result has values.
 */
const INTROSPECTION_ITEMS = 1;

/** Costs multiply. Beyond this number they are not distinguished, since they would end at infinity. */
const bounded = (cost: number) => Math.min(cost, Number.MAX_SAFE_INTEGER);

/** The computation that `costFunction` describes, for one set of variables. */
export class CostCalculation {
  readonly #schema: GraphQLSchema;
  readonly #variables: Variables;
  readonly #options: CostOptions;
  readonly #fragments = new Map<string, FragmentDefinitionNode>();
  readonly #known = new Map<SelectionSetNode, Map<GraphQLObjectType, Cost>>();

  constructor(schema: GraphQLSchema, { definitions }: DocumentNode, variables: Variables, options: CostOptions) {
    this.#schema = schema;
    this.#variables = variables;
    this.#options = options;
    for (const one of definitions) if (one.kind === Kind.FRAGMENT_DEFINITION) this.#fragments.set(one.name.value, one);
  }

  of(set: SelectionSetNode, type: GraphQLObjectType): Cost {
    const costs = this.#known.get(set) ?? new Map<GraphQLObjectType, Cost>();
    this.#known.set(set, costs);
    const known = costs.get(type);
    if (known !== undefined) return known;
    const cost = this.#sum(set, type);
    costs.set(type, cost);
    return cost;
  }

  #sum({ selections }: SelectionSetNode, type: GraphQLObjectType): Cost {
    const spread = new Set<string>();
    let fixed = 0;
    let perItem = 0;
    for (const selection of selections) {
      if (!this.#isIncluded(selection)) continue;
      const cost = this.#selection(selection, type, spread);
      fixed += cost.fixed;
      perItem += cost.perItem;
    }
    return { fixed: bounded(fixed), perItem: bounded(perItem) };
  }

  #selection(selection: SelectionNode, type: GraphQLObjectType, spread: Set<string>): Cost {
    if (selection.kind === Kind.FIELD) return this.#field(selection, type);
    if (selection.kind === Kind.INLINE_FRAGMENT) {
      const { typeCondition, selectionSet } = selection;
      return typeCondition === undefined || this.#applies(typeCondition.name.value, type)
        ? this.of(selectionSet, type)
        : FREE;
    }
    const name = selection.name.value;
    const fragment = this.#fragments.get(name);
    if (fragment === undefined || spread.has(name) || !this.#applies(fragment.typeCondition.name.value, type))
      return FREE;
    spread.add(name);
    return this.of(fragment.selectionSet, type);
  }

  #field(node: FieldNode, parent: GraphQLObjectType): Cost {
    const field = getFieldDef(this.#schema, parent, node);
    const named = field && getNamedType(field.type);
    if (!field || !isCompositeType(named) || node.selectionSet === undefined) return { fixed: 1, perItem: 0 };
    const types = isAbstractType(named) ? this.#schema.getPossibleTypes(named) : [named];
    let below = FREE;
    for (const type of types) below = larger(below, this.of(node.selectionSet, type));
    if (isConnectionField(field)) {
      return { fixed: bounded(1 + below.fixed + this.#pageSize(node) * below.perItem), perItem: 0 };
    }
    const object = this.#objectCost(field, below, parent);
    if (!isListType(getNullableType(field.type))) return { fixed: bounded(1 + object), perItem: 0 };
    if (isConnectionType(parent)) return { fixed: 1, perItem: bounded(1 + object) };
    return { fixed: bounded(1 + this.#listLength(field, node, parent) * (1 + object)), perItem: 0 };
  }

  #objectCost({ name }: GraphQLField<unknown, unknown>, { fixed, perItem }: Cost, parent: GraphQLObjectType): number {
    if (parent === __Type && name === 'ofType') return Math.ceil(fixed / 2);
    return fixed + ASSUMED_ITEMS * perItem;
  }

  #pageSize(node: FieldNode): number {
    const { defaultPageItems, maxPageItems } = this.#options;
    const sizes = ['first', 'last'].map((name) => wholeNumberOf(node, name, this.#variables));
    const given = sizes.filter((size) => size !== undefined);
    // More, or less than none, is refused by the field itself.
    return given.length === 0 ? defaultPageItems : Math.max(0, Math.min(maxPageItems, Math.max(...given)));
  }

  #listLength(field: GraphQLField<unknown, unknown>, node: FieldNode, parent: GraphQLObjectType): number {
    if (isIntrospectionType(parent)) return this.#introspectionLength(field, parent);
    const argument = field.args.find(({ type }) => isListType(getNullableType(type)));
    if (argument === undefined) return ASSUMED_ITEMS;
    const actual = listLengthOf(node, argument.name, this.#variables);
    const limit = this.#options.maxPageItems;
    if (actual <= limit) return actual;
    throw limitError({ what: `The number of \`${argument.name}\``, actual, limit, setting: 'MAX_PAGE_ITEMS' });
  }

  #introspectionLength({ name }: GraphQLField<unknown, unknown>, parent: GraphQLObjectType): number {
    const isTypes = parent === __Schema && name === 'types';
    return isTypes ? Object.keys(this.#schema.getTypeMap()).length : INTROSPECTION_ITEMS;
  }

  #isIncluded(node: SelectionNode): boolean {
    if (node.directives === undefined || node.directives.length === 0) return true;
    return (
      getDirectiveValues(GraphQLSkipDirective, node, this.#variables)?.['if'] !== true &&
      getDirectiveValues(GraphQLIncludeDirective, node, this.#variables)?.['if'] !== false
    );
  }

  #applies(condition: string, type: GraphQLObjectType): boolean {
    const wanted = this.#schema.getType(condition);
    return wanted === type || (isAbstractType(wanted) && this.#schema.isSubType(wanted, type));
  }
}

const larger = (one: Cost, other: Cost): Cost => ({
  fixed: Math.max(one.fixed, other.fixed),
  perItem: Math.max(one.perItem, other.perItem),
});

const isConnectionField = ({ args }: GraphQLField<unknown, unknown>) =>
  args.some(({ name }) => name === 'first') && args.some(({ name }) => name === 'last');

/** By Relay's definition of a connection: https://relay.dev/graphql/connections.htm */
const isConnectionType = (type: GraphQLObjectType) =>
  isObjectType(type) && type.name.endsWith('Connection') && 'pageInfo' in type.getFields();
