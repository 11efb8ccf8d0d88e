import { readdirSync, readFileSync } from 'node:fs';
import { getIntrospectionQuery, type DocumentNode, type OperationDefinitionNode, Kind, parse } from 'graphql';
import { assistantsGraphql } from '../../bench/subjects/assistants-graphql.ts';
import { tour } from '../../src/graphiql/tour.ts';

/** An operation that clients are known to send. */
export interface CostedDocument {
  readonly title: string;
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
  readonly variables: Readonly<Record<string, unknown>>;
}

const root = new URL('../../', import.meta.url);

const operationsOf = (title: string, text: string, variables: Readonly<Record<string, unknown>> = {}) => {
  const document = parse(text);
  return document.definitions.flatMap((one): CostedDocument[] =>
    one.kind === Kind.OPERATION_DEFINITION
      ? [{ title: `${one.name?.value ?? 'one'} of ${title}`, document, operation: one, variables }]
      : [],
  );
};

/** The templates tagged or called `graphql` in the sources of a frontend, fragments included. */
const frontend = (folder: string) => {
  const files = readdirSync(new URL(folder, root)).filter((name) => name.endsWith('.tsx'));
  const sources = files.map((name) => readFileSync(new URL(folder + name, root), 'utf8'));
  const templates = sources.flatMap((source) =>
    [...source.matchAll(/graphql\(?`([^`]+)`/g)].map(([, text = '']) => text),
  );
  return operationsOf(folder, templates.join('\n'), { count: 100, last: 100 });
};

const benchmark = Object.entries(assistantsGraphql.requests).flatMap(([work, { body, path }]) => {
  const search = new URLSearchParams(path.split('?')[1]);
  const sent = body ?? `{"query":${JSON.stringify(search.get('query'))},"variables":${search.get('variables')}}`;
  const { query, variables }: { query: string; variables: Record<string, unknown> } = JSON.parse(sent);
  return operationsOf(`the benchmark's ${work}`, query, variables);
});

const largest = `query Largest { thread(threadId: "t") {
  runs(first: 200) { nodes { id status assistant { name model } steps { nodes { id status assistant { model } } } } }
  messages(first: 1000) { nodes { id role text assistant { name } } }
} }`;

const pagination = `
  query Relay($id: ID!, $count: Int!, $cursor: String) { node(id: $id) { __typename id ... on Thread { ...Messages } } }
  fragment Messages on Thread { messages(last: $count, before: $cursor, order: ASC) {
    edges { cursor node { __typename id role text run { id status } assistant { id name } } }
    pageInfo { hasNextPage endCursor hasPreviousPage startCursor }
  } }
  query Apollo($id: ID!, $count: Int!, $cursor: String) { thread(threadId: $id) { id messages(first: $count, after: $cursor) {
    nodes { __typename id role text content { __typename ... on MessageContentText { text { value annotations { startIndex } } } } }
    pageInfo { __typename hasNextPage endCursor }
  } } }`;

const router = `query Router($representations: [_Any!]!) { _entities(representations: $representations) {
  ... on Thread { createdAt messages(first: 1) { nodes { text } } }
  ... on Run { status }
} }`;

const representations = Array.from({ length: 1000 }, () => ({ __typename: 'Thread' }));

export const costedDocuments: readonly CostedDocument[] = [
  ...tour.flatMap(({ query }) => operationsOf("GraphiQL's tour", query)),
  ...benchmark,
  ...operationsOf('the largest read of the benchmark', largest),
  ...frontend('examples/frontends/relay/src/'),
  ...frontend('examples/frontends/urql/src/'),
  ...operationsOf(
    'the documents that code is generated for',
    readFileSync(new URL('conformance/codegen/operations.graphql', root), 'utf8'),
    { first: 100, last: 100 },
  ),
  ...operationsOf('the pagination of frontends', pagination, { count: 100 }),
  ...operationsOf('a supergraph', router, { representations }),
  ...operationsOf('introspection', getIntrospectionQuery({ inputValueDeprecation: true, oneOf: true })),
];
