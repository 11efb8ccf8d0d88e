import { describe, expect, test } from 'vitest';
import { startFacade } from '../support/facade.ts';
import { listed, restList } from './restList.ts';

// Every combination of small arguments on a list of four, held against the pagination algorithm of the Relay specification.

interface Answer {
  edges: { cursor: string; node: { assistantId: string } }[];
  pageInfo: { hasPreviousPage: boolean; hasNextPage: boolean; startCursor: string | null; endCursor: string | null };
}

interface Arguments {
  first?: number;
  last?: number;
  after?: string;
  before?: string;
}

const items = listed(4);
const ids = items.map(({ id }) => id);
const places = [undefined, ...ids];
const sizes: Arguments[] = [{}, ...[0, 1, 2, 3, 4, 5].flatMap((size) => [{ first: size }, { last: size }])];

describe.each(['ASC', 'DESC'])('order %s', (order) => {
  const ordered = order === 'ASC' ? ids : ids.toReversed();
  const inOrder = ({ after, before }: Arguments) =>
    after === undefined || before === undefined || ordered.indexOf(after) < ordered.indexOf(before);

  test.each(sizes)('%j, with every `after` and `before`, is what Relay defines', async (size) => {
    const { query } = await startFacade({ 'GET /assistants': restList(items) });
    const page = 'edges { cursor node { assistantId } } pageInfo { hasPreviousPage hasNextPage startCursor endCursor }';
    const { data: whole } = await query<{ assistants: Answer }>(
      '{ assistants(first: 4) { edges { cursor node { assistantId } } } }',
    );
    const cursors = new Map(whole?.assistants.edges.map(({ cursor, node }) => [node.assistantId, cursor]));

    const asked = places
      .flatMap((after) =>
        places.map((before): Arguments => ({ ...size, ...(after && { after }), ...(before && { before }) })),
      )
      .filter(inOrder);
    const fields = asked.map((args, index) => {
      const written = Object.entries(args).map(
        ([name, value]) => `${name}: ${typeof value === 'string' ? JSON.stringify(cursors.get(value)) : value}`,
      );
      return `c${index}: assistants(${['order: ' + order, ...written].join(', ')}) { ...page }`;
    });
    const { data } = await query<Record<string, Answer>>(
      `{ ${fields.join('\n')} } fragment page on AssistantConnection { ${page} }`,
    );

    asked.forEach((args, index) => {
      const { edges, pageInfo } = data?.[`c${index}`] ?? {};
      const expected = relay(ordered, args);
      expect({ ids: edges?.map(({ node }) => node.assistantId), pageInfo }, `with ${JSON.stringify(args)}`).toEqual({
        ids: expected.ids,
        pageInfo: {
          hasPreviousPage: expected.hasPreviousPage,
          hasNextPage: expected.hasNextPage,
          startCursor: cursors.get(expected.ids[0] ?? '') ?? null,
          endCursor: cursors.get(expected.ids.at(-1) ?? '') ?? null,
        },
      });
    });
  });
});

/** The specification does not define a request without `first` and `last`. Here: 20, backward if only `before` is given. */
const relay = (all: string[], { after, before, ...size }: Arguments) => {
  const { first, last } = Object.keys(size).length > 0 ? size : before && !after ? { last: 20 } : { first: 20 };
  const between = all.slice(after ? all.indexOf(after) + 1 : 0, before ? all.indexOf(before) : undefined);
  return {
    ids: first === undefined ? between.slice(Math.max(0, between.length - (last ?? 0))) : between.slice(0, first),
    hasPreviousPage: last === undefined ? after !== undefined : between.length > last,
    hasNextPage: first === undefined ? before !== undefined : between.length > first,
  };
};
