import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { type Attack, counted, type Target } from './attack.ts';
import { outcomeOf } from './requests.ts';

/** What the attacker sends at most. */
const MAX_SENT = 512 * 1024 * 1024;
const MAX_MS = 10_000;

const drained = (socket: Socket) => new Promise((resolve) => socket.once('drain', resolve));

/** Sends a chunked body until the server closes the connection. */
const bodyWithoutEnd = async ({ port }: Target, path: string) => {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => {});
  await once(socket, 'connect');
  const closed = new Promise((resolve) => socket.once('close', resolve));
  let received = '';
  socket.on('data', (data) => {
    received += data.toString();
  });
  socket.write(
    `POST ${path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n`,
  );
  const chunk = Buffer.from(`10000\r\n${'x'.repeat(0x10000)}\r\n`);
  const started = performance.now();
  let sent = 0;
  while (!socket.destroyed && sent < MAX_SENT && performance.now() - started < MAX_MS) {
    if (!socket.write(chunk)) await Promise.race([drained(socket), closed]);
    sent += chunk.length;
  }
  const state = socket.destroyed ? 'closed' : 'STILL OPEN';
  socket.destroy();
  return `${received.slice(9, 12)}, ${state}`;
};

type Body = readonly [path: string, body: (json: string) => string];

const wideBodies: readonly Body[] = [
  ['/v1/threads', (items) => `{"messages":[${items}]}`],
  ['/graphql', (items) => `{"query":"{__typename}","variables":{"list":[${items}]}}`],
];

const TEXT_BYTES = 15 * 1024 * 1024;

const longTexts = [
  ['of two bytes a character', 'é'],
  ['escaped', '\\n'],
] as const;

const longBodies: readonly Body[] = [
  ['/v1/threads', (text) => `{"messages":[{"role":"user","content":"${text}"}]}`],
  ['/graphql', (text) => `{"query":"query ($ids: [ID!]!) { nodes(ids: $ids) { id } }","variables":{"ids":"${text}"}}`],
];

export const bodyAttacks: readonly Attack[] = [
  {
    name: 'JSON of 100,000 levels at /v1',
    run: (target) => outcomeOf(target, { path: '/v1/threads', body: '['.repeat(100_000) + ']'.repeat(100_000) }),
  },
  {
    name: 'JSON of 100,000 levels at /graphql',
    run: (target) =>
      outcomeOf(target, { body: `{"query":"{__typename}","variables":${'['.repeat(100_000)}${']'.repeat(100_000)}}` }),
  },
  ...wideBodies.map(
    ([path, body]): Attack => ({
      name: `330,000 objects at ${path}`,
      run: (target) => outcomeOf(target, { path, body: body(Array(330_000).fill('{}').join()) }),
    }),
  ),
  ...longTexts.flatMap(([name, unit]) =>
    longBodies.map(
      ([path, body]): Attack => ({
        name: `a text of 15 MB, ${name}, at ${path}`,
        run: (target) => outcomeOf(target, { path, body: body(unit.repeat(TEXT_BYTES / Buffer.byteLength(unit))) }),
      }),
    ),
  ),
  {
    name: '4 chunked bodies without end',
    run: async (target) =>
      counted(
        await Promise.all(
          ['/graphql', '/v1/threads', '/graphql', '/v1/threads'].map((path) => bodyWithoutEnd(target, path)),
        ),
      ),
  },
];
