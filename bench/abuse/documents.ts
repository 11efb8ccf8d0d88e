import { getIntrospectionQuery } from 'graphql';
import { type Attack, counted, type Target } from './attack.ts';
import { graphqlBody, outcomeOf, type Sent } from './requests.ts';
import { initialisedWebSocket, subscribeMessage } from './webSocket.ts';

const nested = (levels: number): string =>
  levels === 0 ? 'id' : `thread { messages(first: 100) { nodes { ${nested(levels - 1)} } } }`;

/** The nested bomb: each level multiplies the size of the result by 100, and costs no REST call. */
const bomb = (threadId: string, levels: number) =>
  `{ thread(threadId: "${threadId}") { messages(first: 100) { nodes { ${nested(levels - 1)} } } } }`;

const LEVELS = [1, 2, 3, 4, 5, 6, 7];

/** One request after the other, since each is measured for its own stall. */
const each = async <Item>(items: readonly Item[], outcome: (item: Item) => Promise<string>) => {
  const outcomes: string[] = [];
  for (const item of items) outcomes.push(await outcome(item));
  return counted(outcomes);
};

const bombsOver = (transport: string, sent: (target: Target, levels: number) => Sent): Attack => ({
  name: `nested lists, 1 to 7 levels, ${transport}`,
  run: (target) => each(LEVELS, (levels) => outcomeOf(target, sent(target, levels))),
});

const overWebSocket: Attack = {
  name: 'nested lists, 1 to 7 levels, WebSocket',
  run: async (target) => {
    const socket = await initialisedWebSocket(target);
    const outcome = await each(
      LEVELS,
      (levels) =>
        new Promise((resolve) => {
          const take = (data: Buffer) => {
            const text = data.subarray(0, 4000).toString();
            if (text.includes('"complete"')) return;
            socket.off('message', take);
            resolve(/"code":"(\w+)"/.exec(text)?.[1] ?? 'result');
          };
          socket.on('message', take);
          socket.once('close', () => resolve('closed'));
          socket.send(subscribeMessage(levels, bomb(target.threadId, levels)));
        }),
    );
    socket.terminate();
    return outcome;
  },
};

const one = (name: string, sent: (target: Target) => Sent): Attack => ({
  name,
  run: (target) => outcomeOf(target, sent(target)),
});

const ids = (count: number) => Array.from({ length: count }, (_, n) => `junk-${n}`);
const nodesQuery = 'query ($ids: [ID!]!) { nodes(ids: $ids) { id } }';
const entitiesQuery = 'query ($all: [_Any!]!) { _entities(representations: $all) { __typename } }';
const badEntities = (count: number) =>
  Array.from({ length: count }, (_, n) => ({ __typename: 'Thread', id: `junk-${n}` }));
const aliased = (count: number, field: string) =>
  `{ ${Array.from({ length: count }, (_, n) => `a${n}: ${field}`).join(' ')} }`;

let documents = 0;

/** The same document as text that the server has not seen yet, so that it is parsed and validated. */
const unseen = (document: string) => {
  documents += 1;
  return `${document} # ${documents}`;
};

/** The body of the standard introspection, under several aliases. */
const introspections = (count: number) => {
  const query = getIntrospectionQuery();
  const start = query.indexOf('__schema');
  const end = query.indexOf('fragment FullType');
  const field = query.slice(start, query.lastIndexOf('}', end - 1)).trim();
  return `query { ${Array.from({ length: count }, (_, n) => `a${n}: ${field}`).join('\n')} } ${query.slice(end)}`;
};

const equalFields = (levels: number): string =>
  levels === 0 ? 'id text' : `thread { messages { nodes { ${equalFields(levels - 1)} } } } `.repeat(3);

const spreadingAllLater = (count: number) => {
  const spreads = (from: number) => Array.from({ length: count - from }, (_, n) => `...f${from + n}`).join(' ');
  const fragments = Array.from({ length: count }, (_, n) => `fragment f${n} on Query { __typename ${spreads(n + 1)} }`);
  return `{ ...f0 } ${fragments.join(' ')}`;
};

const operations = (count: number) => Array.from({ length: count }, (_, n) => `query q${n} { __typename }`).join(' ');

/** Each of its documents is valid, and refused by its cost. */
const costly = 'assistants(first: 1000) { nodes { id name model instructions description } } ';

export const documentAttacks: readonly Attack[] = [
  bombsOver('POST', ({ threadId }, levels) => ({ body: graphqlBody(bomb(threadId, levels)) })),
  bombsOver('GET', ({ threadId }, levels) => ({
    method: 'GET',
    path: `/graphql?query=${encodeURIComponent(bomb(threadId, levels))}`,
  })),
  bombsOver('event stream', ({ threadId }, levels) => ({
    body: graphqlBody(bomb(threadId, levels)),
    headers: { accept: 'text/event-stream' },
  })),
  bombsOver('_entities', ({ threadId }, levels) => ({
    body: graphqlBody(
      `query ($all: [_Any!]!) { _entities(representations: $all) { ... on Thread { messages(first: 100) { nodes { ${nested(levels - 1)} } } } } }`,
      { all: [{ __typename: 'Thread', threadId }] },
    ),
  })),
  overWebSocket,
  one('literal of 5,000 levels', () => ({
    body: graphqlBody(`{ nodes(ids: ${'['.repeat(5000)}${']'.repeat(5000)}) { id } }`),
  })),
  one('variable of 5,000 levels', () => ({
    body: `{"query":"query ($ids: [ID!]!) { nodes(ids: $ids) { id } }","variables":{"ids":${'['.repeat(5000)}${']'.repeat(5000)}}}`,
  })),
  one('100,000 junk ids', () => ({ body: graphqlBody(nodesQuery, { ids: ids(100_000) }) })),
  one('1,000 junk ids', () => ({ body: graphqlBody(nodesQuery, { ids: ids(1000) }) })),
  one('20,000 bad representations', () => ({ body: graphqlBody(entitiesQuery, { all: badEntities(20_000) }) })),
  one('1,000 bad representations', () => ({ body: graphqlBody(entitiesQuery, { all: badEntities(1000) }) })),
  one('1 introspection', () => ({ body: graphqlBody(unseen(getIntrospectionQuery())) })),
  one('20 aliased introspections', () => ({ body: graphqlBody(unseen(introspections(20))) })),
  one('40 aliased introspections', () => ({ body: graphqlBody(unseen(introspections(40))) })),
  one('500 aliases of a root field', () => ({ body: graphqlBody(unseen(aliased(500, '__typename'))) })),
  one('200 look-ups of things that do not exist', () => ({
    body: graphqlBody(unseen(aliased(200, 'thread(threadId: "none") { id createdAt }'))),
  })),
  one('three equal fields on each of five levels', () => ({
    body: graphqlBody(unseen(`{ node(id: "x") { ... on Message { ${equalFields(5)} } } }`)),
  })),
  one('198 equal selections', () => ({
    body: graphqlBody(
      unseen(`{ ${'assistants { nodes { id name model instructions description metadata { key } } } '.repeat(198)} }`),
    ),
  })),
  one('90 fragments that spread all later ones', () => ({ body: graphqlBody(unseen(spreadingAllLater(90))) })),
  one('1,500 operations', () => ({ body: graphqlBody(unseen(operations(1500))) })),
  one('1 MB of comments', () => ({ body: graphqlBody(`{ __typename }\n${'#\n'.repeat(500_000)}`) })),
  {
    name: '500 long documents, each too costly',
    run: (target) =>
      each(Array(500).fill(0), () =>
        outcomeOf(target, { body: graphqlBody(unseen(`{ ${costly.repeat(20)} ${'__typename '.repeat(100)} }`)) }),
      ),
  },
  one('a document of 1 MB', () => ({ body: graphqlBody(`{ ${'__typename '.repeat(90_000)} }`) })),
];
