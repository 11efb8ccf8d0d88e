import {
  type ConstDirectiveNode,
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

/**
 * Federation does not know `@oneOf`: composers drop or reject it unless it is declared, linked to a specification and named in
 * `@composeDirective`. The URL of the specification is an identifier and is never fetched.
 */
const header = parse(`
  extend schema
    @link(url: "https://specs.apollo.dev/federation/v2.4", import: ["@key", "@shareable", "@composeDirective"])
    @link(url: "https://specs.graphql.org/oneOf/v1.0", import: ["@oneOf"])
    @composeDirective(name: "@oneOf")

  directive @oneOf on INPUT_OBJECT
`);

/** The SDL of the subgraph, with its keys and other federation directives. */
export const subgraphSdl = (schema: GraphQLSchema): string => {
  const document = visit(parse(printSchema(lexicographicSortSchema(schema))), {
    ObjectTypeDefinition: (node) => withDirectives(node, directivesOf(node.name.value)),
  });
  return print({ ...document, definitions: [...header.definitions, ...document.definitions] });
};

const withDirectives = (node: ObjectTypeDefinitionNode, directives: string[]): ObjectTypeDefinitionNode =>
  directives.length === 0 ? node : { ...node, directives: [...(node.directives ?? []), ...directives.map(directive)] };

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
