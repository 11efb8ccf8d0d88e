import {
  type ConstDirectiveNode,
  type FieldDefinitionNode,
  type GraphQLSchema,
  Kind,
  lexicographicSortSchema,
  type ObjectTypeDefinitionNode,
  parse,
  print,
  printSchema,
  visit,
} from 'graphql';
import { locators } from '../resolvers/globalId.ts';
import { DEFAULT_PAGE_ITEMS } from '../resolvers/pagination.ts';

/**
 * Federation does not know `@oneOf`: composers drop or reject it unless it is declared, linked to a specification and named in
 * `@composeDirective`. The URL of the specification is an identifier and is never fetched.
 */
const header = parse(`
  extend schema
    @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@shareable", "@composeDirective", "@listSize"])
    @link(url: "https://specs.graphql.org/oneOf/v1.0", import: ["@oneOf"])
    @composeDirective(name: "@oneOf")

  directive @oneOf on INPUT_OBJECT
`);

/** The SDL of the subgraph, with its keys and other federation directives. */
export const subgraphSdl = (schema: GraphQLSchema): string => {
  const document = visit(parse(printSchema(lexicographicSortSchema(schema))), {
    FieldDefinition: (node) => (isConnectionField(node) ? withDirectives(node, [listSize]) : undefined),
    ObjectTypeDefinition: {
      leave: (node) => withDirectives(node, directivesOf(node.name.value)),
    },
  });
  return print({ ...document, definitions: [...header.definitions, ...document.definitions] });
};

const withDirectives = <Node extends ObjectTypeDefinitionNode | FieldDefinitionNode>(
  node: Node,
  directives: string[],
): Node =>
  directives.length === 0 ? node : { ...node, directives: [...(node.directives ?? []), ...directives.map(directive)] };

/** For routers that compute what an operation costs: the size of a page as `src/pipeline/cost.ts` takes it. */
const listSize = `@listSize(assumedSize: ${DEFAULT_PAGE_ITEMS}, slicingArguments: ["first", "last"], sizedFields: ["edges", "nodes"], requireOneSlicingArgument: false)`;

const isConnectionField = ({ arguments: args = [] }: FieldDefinitionNode) =>
  ['first', 'last'].every((name) => args.some((argument) => argument.name.value === name));

const keys = new Map<string, string[]>(
  Object.entries(locators).map(([type, ids]) => [type, ['@key(fields: "id")', `@key(fields: "${ids.join(' ')}")`]]),
);

const directivesOf = (type: string) => (type === 'PageInfo' ? ['@shareable'] : (keys.get(type) ?? []));

const directive = (text: string): ConstDirectiveNode => {
  const [definition] = parse(`scalar Any ${text}`).definitions;
  const node = definition?.kind === Kind.SCALAR_TYPE_DEFINITION ? definition.directives?.[0] : undefined;
  if (!node) throw new Error(`Not a directive: ${text}`);
  return node;
};
