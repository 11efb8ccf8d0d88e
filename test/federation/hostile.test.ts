import { afterAll, beforeAll, expect, test } from 'vitest';
import { encodeGlobalId } from '../../src/resolvers/globalId.ts';
import { type GraphqlAnswer, type RunningServer, startServer } from '../support/server.ts';
import { refusal, reply, startUpstream, type TestUpstream } from '../support/upstream.ts';

/** Change it to generate other requests; a failure names the one at fault by its number. */
const SEED = 20_261_122;
const REQUESTS = 1000;
const AT_A_TIME = 20;

let upstream: TestUpstream;
let server: RunningServer;

beforeAll(async () => {
  upstream = await startUpstream(({ path }) => {
    if (path.endsWith('/late')) return reply({ status: 500, json: {}, delayMs: 5 });
    if (path.endsWith('/gone')) return refusal(404, 'No thread found.');
    return { id: path.split('/').at(-1), object: 'thread', created_at: 0 };
  });
  server = await startServer({
    ASSISTANTS_BASE_URL: upstream.url,
    ASSISTANTS_MAX_RETRIES: '0',
    LOG_LEVEL: 'silent',
  });
});
afterAll(async () => {
  await server.stop();
  await upstream.close();
});

test('a thousand requests with malformed representations do no harm, and the valid ones among them succeed', async () => {
  const requests = Array.from({ length: REQUESTS }, (_, number) => hostileRequest(randomFrom(SEED + number)));
  for (let start = 0; start < requests.length; start += AT_A_TIME) {
    const batch = requests.slice(start, start + AT_A_TIME);
    const answers = await Promise.all(batch.map((request) => ask(request.map(({ representation }) => representation))));
    for (const [index, request] of batch.entries()) {
      const expected = request.map(({ result }) => result);
      expect(outcomes(answers[index]), `request ${start + index}`).toEqual(expected);
    }
  }
  expect((await server.graphql('{ __typename }')).data).toEqual({ __typename: 'Query' });
}, 120_000);

test.each([
  ['null in the list', '[null]'],
  ['null for the list', 'null'],
  ['no list', 'undefined'],
])('%s is an error of the whole request, since the variable has a wrong type', async (_, json) => {
  const response = await post(`{"query":${JSON.stringify(QUERY)},"variables":{"representations":${json}}}`);
  const result = JSON.parse(await response.text());
  expect(result.data).toBeUndefined();
  expect(result.errors[0].message).not.toBe('');
});

const QUERY =
  'query ($representations: [_Any!]!) { entities: _entities(representations: $representations) { __typename ... on Node { id } ... on Thread { createdAt } ... on Assistant { createdAt } ... on Message { createdAt } ... on Run { createdAt } ... on RunStep { createdAt } } }';

interface Case {
  /** JSON, and not an object, since an object literal cannot have a member `__proto__`. */
  representation: string;
  /** What must become of it: answered, null without an error, or null with an error of this code in its place. */
  result: 'answered' | 'null' | 'BAD_USER_INPUT' | 'UPSTREAM_ERROR';
}

type Random = (below: number) => number;

const hostileRequest = (random: Random): Case[] => {
  const bad = Array.from({ length: 1 + random(8) }, () => badRepresentation(random));
  const good = Array.from({ length: random(4) }, () => pick(wellFormed, random));
  return [...bad, ...good]
    .map((one) => ({ one, place: random(1000) }))
    .toSorted((a, b) => a.place - b.place)
    .map(({ one }) => one);
};

const thread = (threadId: string) => JSON.stringify({ __typename: 'Thread', threadId });

const wellFormed: Case[] = [
  { representation: thread('thread_1'), result: 'answered' },
  {
    representation: JSON.stringify({ __typename: 'Thread', id: encodeGlobalId('Thread', 'thread_2') }),
    result: 'answered',
  },
  { representation: JSON.stringify({ __typename: 'Assistant', assistantId: 'asst_1', name: {} }), result: 'answered' },
  { representation: thread('gone'), result: 'null' },
  { representation: thread('late'), result: 'UPSTREAM_ERROR' },
];

const badRepresentation = (random: Random): Case => {
  const kind = random(5);
  const representation =
    kind === 0
      ? pick(noEntities, random)
      : kind === 1
        ? `{"__typename":${pick(noTypes, random)},"threadId":"thread_1","id":${pick(values, random)}}`
        : kind === 2
          ? `{"__typename":"${pick(types, random)}",${pick(names, random)}:${pick(values, random)}}`
          : kind === 3
            ? `{"__typename":"${pick(types, random)}","id":${pick(wrongIds, random)}}`
            : pick(otherTypes, random);
  return { representation, result: 'BAD_USER_INPUT' };
};

const types = ['Assistant', 'Thread', 'Message', 'Run', 'RunStep', 'File', 'VectorStore', 'VectorStoreFile'];

const huge = JSON.stringify('thread_'.repeat(5000));

/** Neither objects nor anything with a type. */
const noEntities = [
  '7',
  'true',
  '"Thread"',
  '""',
  '[]',
  '[["Thread"]]',
  '{}',
  '{"threadId":"thread_1"}',
  '1e308',
  huge,
];

const noTypes = [
  'User',
  'Query',
  'Node',
  'PageInfo',
  '_Entity',
  'thread',
  'Thread ',
  'Thread\u0000',
  '',
  '__proto__',
  'constructor',
  'toString',
  'hasOwnProperty',
  '\ud800',
]
  .map((name) => JSON.stringify(name))
  .concat('null', '7', '["Thread"]', '{"toString":"Thread"}', huge);

/** Of no key, or of a part of one that has more than one. */
const names = [
  '"__proto__"',
  '"constructor"',
  '"prototype"',
  '"toString"',
  '"stepId"',
  '"messageId"',
  '"ThreadId"',
  '""',
];

/** Nothing that REST could take for an id, nor the graph for a global one. */
const values = [
  'null',
  '0',
  '-1',
  '1.5',
  'true',
  '[]',
  '["thread_1"]',
  '{}',
  '{"threadId":"thread_1"}',
  '""',
  '"."',
  '".."',
  '"\\ud800"',
  '"../../assistants"',
  '{"__proto__":{"threadId":"thread_1"}}',
  huge,
];

/** As `values`, and what only looks like a global id: of no type, of half an object, or cut short. */
const wrongIds = [
  ...values,
  JSON.stringify(encodeGlobalId('Thread', 'thread_1').slice(1)),
  ...[
    'User:1',
    '__proto__:thread_1',
    'Thread:',
    'Thread:a/b',
    'Run:thread_1',
    'constructor:a/b',
    'Thread:%',
    '\u0000',
  ].map((text) => JSON.stringify(Buffer.from(text).toString('base64url'))),
];

/** With a global id that is one, but of another type. */
const otherTypes = [
  { __typename: 'Thread', id: encodeGlobalId('Message', 'thread_1', 'msg_1') },
  { __typename: 'Run', id: encodeGlobalId('Message', 'thread_1', 'msg_1') },
  { __typename: 'Assistant', id: encodeGlobalId('Thread', 'thread_1') },
].map((representation) => JSON.stringify(representation));

const pick = <One>(many: readonly One[], random: Random): One => {
  const one = many[random(many.length)];
  if (one === undefined) throw new Error('nothing to pick from');
  return one;
};

/** Whole numbers from 0, the same for the same seed: mulberry32. */
const randomFrom = (seed: number): Random => {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
};

const post = (body: string) =>
  fetch(`${server.url}/graphql`, { method: 'POST', headers: { 'content-type': 'application/json' }, body });

type EntitiesAnswer = GraphqlAnswer<{ entities: ({ createdAt: string } | null)[] }>;

const ask = async (representations: string[]): Promise<EntitiesAnswer> => {
  const variables = `{"representations":[${representations.join(',')}]}`;
  const response = await post(`{"query":${JSON.stringify(QUERY)},"variables":${variables}}`);
  return JSON.parse(await response.text());
};

const outcomes = (result: EntitiesAnswer | undefined) => {
  const codes = new Map(result?.errors?.map(({ path, extensions }) => [path?.join('.'), extensions?.['code']]));
  return result?.data?.entities.map((entity, place) =>
    entity === null ? (codes.get(`entities.${place}`) ?? 'null') : 'answered',
  );
};
