import { once } from 'node:events';
import { WebSocket } from 'ws';
import type { Target } from './attack.ts';

/** A WebSocket that is open; errors close it and are not reported. */
export const openWebSocket = async ({ url }: Target): Promise<WebSocket> => {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
  socket.on('error', () => {});
  await new Promise((resolve) => socket.once('open', resolve).once('close', resolve));
  return socket;
};

/** The same, with the protocol initialised. */
export const initialisedWebSocket = async (target: Target): Promise<WebSocket> => {
  const socket = await openWebSocket(target);
  socket.send('{"type":"connection_init"}');
  await once(socket, 'message');
  return socket;
};

export const subscribeMessage = (id: number, query: string, variables: Readonly<Record<string, unknown>> = {}) =>
  JSON.stringify({ id: String(id), type: 'subscribe', payload: { query, variables } });

/** Resolves when the socket is closed, or after so many milliseconds. */
export const closedWithin = (socket: WebSocket, ms: number): Promise<boolean> =>
  new Promise((resolve) => {
    if (socket.readyState === socket.CLOSED) return resolve(true);
    const late = setTimeout(() => resolve(false), ms);
    socket.once('close', () => {
      clearTimeout(late);
      resolve(true);
    });
  });
