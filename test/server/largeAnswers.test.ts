import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type RunningServer, startServer } from '../support/server.ts';
import { startUpstream, type TestUpstream } from '../support/upstream.ts';

/** Of the instructions of each assistant, in characters; set by each test. */
let length = 0;

/** A letter that depends on how many assistants are asked for. */
const instructionsFor = (first: number) => 'abcdé"'.charAt(first % 6).repeat(length);

let upstream: TestUpstream;
let server: RunningServer;

beforeAll(async () => {
  upstream = await startUpstream({
    'GET /assistants': ({ query: { limit } }) => ({
      object: 'list',
      data: Array.from({ length: Number(limit) }, (_, n) => ({
        id: `asst_${n}`,
        object: 'assistant',
        instructions: instructionsFor(Number(limit)),
      })),
      has_more: false,
    }),
  });
  server = await startServer({ ASSISTANTS_BASE_URL: upstream.url });
});
afterAll(async () => {
  await server.stop();
  await upstream.close();
});

/** A connection over which it is asked for so many assistants, again and again; nothing of the answers is read yet. */
const ask = async (firsts: readonly number[]): Promise<Socket> => {
  const socket = connect(Number(new URL(server.url).port), '127.0.0.1');
  await once(socket, 'connect');
  for (const first of firsts) {
    const body = JSON.stringify({ query: `{ assistants(first: ${first}) { nodes { instructions } } }` });
    socket.write(
      `POST /graphql HTTP/1.1\r\nhost: test\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
    );
  }
  return socket;
};

/** The bodies of so many answers. */
const readAll = async (socket: Socket, count: number): Promise<string[]> => {
  const bodies: string[] = [];
  let bytes = Buffer.alloc(0);
  for await (const piece of socket) {
    bytes = Buffer.concat([bytes, piece as Buffer]);
    for (;;) {
      const head = bytes.indexOf('\r\n\r\n') + 4;
      const [, announced] = /content-length: (\d+)/i.exec(bytes.toString('latin1', 0, head)) ?? [];
      if (announced === undefined || bytes.length < head + Number(announced)) break;
      bodies.push(bytes.toString('utf8', head, head + Number(announced)));
      bytes = bytes.subarray(head + Number(announced));
    }
    if (bodies.length === count) break;
  }
  return bodies;
};

const wanted = (first: number) =>
  JSON.stringify({
    data: { assistants: { nodes: Array.from({ length: first }, () => ({ instructions: instructionsFor(first) })) } },
  });

/** Numbers from 50 to 89. */
const many = (count: number) => Array.from({ length: count }, (_, n) => 50 + (n % 40));

// Together they are more than the buffers of a connection hold, by far.
test.each([
  ['40 of up to two megabytes', 10_000, many(40)],
  ['200 of some 50 KB', 700, many(200)],
])('answers that are read late are not touched by those that are written meanwhile: %s', async (_, each, firsts) => {
  length = each;
  const slow = await ask(firsts);
  const others = await readAll(await ask(many(40)), 40);
  expect(many(40).filter((first, n) => others[n] !== wanted(first))).toEqual([]);
  const bodies = await readAll(slow, firsts.length);
  expect(firsts.filter((first, n) => bodies[n] !== wanted(first))).toEqual([]);
});

test('a client that leaves in the middle of its answers does no harm', async () => {
  length = 10_000;
  const leaving = await ask(many(40));
  await once(leaving, 'readable');
  leaving.destroy();
  const [body] = await readAll(await ask([50]), 1);
  expect(body === wanted(50)).toBe(true);
  expect(server.output()).not.toContain('"level":"error"');
});
