import { connect, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { getIntrospectionQuery } from 'graphql';
import type { WebSocket } from 'ws';
import { type Attack, counted, type Target } from './attack.ts';
import { closedWithin, initialisedWebSocket, openWebSocket, subscribeMessage } from './webSocket.ts';

/** How long an attacker holds what it has, and how long it waits to be cut off. */
const HOLD_MS = 2000;
const CUT_OFF_MS = 15_000;

const following = ({ waiting: { threadId, runId } }: Target) =>
  `subscription { runUpdates(threadId: "${threadId}", runId: "${runId}") { status } }`;

/** Sends messages that are never read, until the server closes the connection. */
const withoutReading = async (target: Target, count: number, message: (id: number) => string) => {
  const socket = await initialisedWebSocket(target);
  socket.pause();
  for (let id = 0; id < count && socket.readyState === socket.OPEN; id += 1) {
    socket.send(message(id));
    if (id % 20 === 0) await pause(1);
  }
  // A socket that is paused does not notice that the other side has closed; one that writes does.
  const writing = setInterval(() => socket.send('{"type":"pong"}'), 200);
  const closed = await closedWithin(socket, CUT_OFF_MS);
  clearInterval(writing);
  socket.terminate();
  return closed ? 'closed' : 'STILL OPEN';
};

const tcp = async ({ port }: Target): Promise<Socket> => {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => {});
  await new Promise((resolve) => socket.once('connect', resolve).once('close', resolve));
  return socket;
};

const httpRequest = (body: string, accept: string) =>
  `POST /graphql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nAccept: ${accept}\r\nContent-Length: ${body.length}\r\n\r\n${body}`;

const stoppedReader = async (target: Target) => {
  const socket = await tcp(target);
  const query = `{ thread(threadId: "${target.largeThreadId}") { messages(first: 50) { nodes { text } } } }`;
  socket.write(httpRequest(JSON.stringify({ query }), 'application/json'));
  await new Promise((resolve) => socket.once('readable', resolve).once('close', resolve));
  const status = String(socket.read(12) ?? '').slice(9);
  if (status !== '200') {
    socket.destroy();
    return status;
  }
  // The rest is never read. What is written shows whether the server has closed the connection.
  const writing = setInterval(() => socket.write('\r\n'), 200);
  const late = AbortSignal.timeout(CUT_OFF_MS);
  while (!socket.destroyed && !late.aborted) await pause(100);
  clearInterval(writing);
  const outcome = socket.destroyed ? '200, closed' : '200, STILL OPEN';
  socket.destroy();
  return outcome;
};

/** Opens many at a time, in portions that do not fill the queue of the listening socket. */
const inPortions = async <Item>(count: number, open: () => Promise<Item>): Promise<Item[]> => {
  const all: Item[] = [];
  while (all.length < count) {
    all.push(...(await Promise.all(Array.from({ length: Math.min(100, count - all.length) }, open))));
  }
  return all;
};

const eventStream = async (target: Target) => {
  const socket = await tcp(target);
  socket.write(httpRequest(JSON.stringify({ query: following(target) }), 'text/event-stream'));
  let status = 'closed';
  socket.once('data', (data) => {
    status = data.toString('latin1', 9, 12);
  });
  await new Promise((resolve) => socket.once('data', resolve).once('close', resolve));
  return { socket, status };
};

const stateOf = (socket: WebSocket) => (socket.readyState === socket.OPEN ? 'open' : 'refused');

export const connectionAttacks: readonly Attack[] = [
  {
    name: '10,000 subscriptions on one WebSocket',
    run: async (target) => {
      const socket = await initialisedWebSocket(target);
      const kinds = { next: 0, error: 0, complete: 0 };
      socket.on('message', (data: Buffer) => {
        const { type } = JSON.parse(data.toString()) as { type: keyof typeof kinds };
        kinds[type] += 1;
      });
      for (let id = 0; id < 10_000; id += 1) {
        socket.send(subscribeMessage(id, following(target)));
        if (id % 100 === 0) await pause(1);
      }
      const late = AbortSignal.timeout(CUT_OFF_MS);
      while (kinds.next + kinds.error < 10_000 && socket.readyState === socket.OPEN && !late.aborted) await pause(50);
      await pause(HOLD_MS);
      socket.terminate();
      return `${kinds.next} followed, ${kinds.error} refused`;
    },
  },
  {
    name: '500 introspections on a WebSocket that does not read',
    run: (target) => withoutReading(target, 500, (id) => subscribeMessage(id, getIntrospectionQuery())),
  },
  {
    name: '100,000 pings on a WebSocket that does not read',
    run: (target) =>
      withoutReading(target, 100_000, () => JSON.stringify({ type: 'ping', payload: { x: 'x'.repeat(1000) } })),
  },
  {
    name: '20 readers that stop in a response of 12 MB',
    run: async (target) => counted(await Promise.all(Array.from({ length: 20 }, () => stoppedReader(target)))),
  },
  {
    name: '5,000 event streams',
    run: async (target) => {
      const streams = await inPortions(5000, () => eventStream(target));
      await pause(HOLD_MS);
      for (const { socket } of streams) socket.destroy();
      return counted(streams.map(({ status }) => status));
    },
  },
  {
    name: '5,000 WebSockets without connection_init',
    run: async (target) => {
      const sockets = await inPortions(5000, () => openWebSocket(target));
      const states = sockets.map(stateOf);
      const closed = await Promise.all(sockets.map((socket) => closedWithin(socket, CUT_OFF_MS)));
      for (const socket of sockets) socket.terminate();
      return `${counted(states)}; ${closed.every(Boolean) ? 'all closed' : 'SOME STILL OPEN'}`;
    },
  },
];
