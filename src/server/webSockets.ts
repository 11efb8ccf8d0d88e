import type { Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { GRAPHQL_TRANSPORT_WS_PROTOCOL } from 'graphql-ws';
import { type WebSocket, WebSocketServer } from 'ws';
import { assignRequestId, REQUEST_ID_HEADER } from '../access/requestId.ts';
import { asksForWebSocket, ignoreUpgrade } from './ignoredUpgrades.ts';
import { JsonInsertions } from './jsonInsertions.ts';
import { useOriginForm } from './requestTarget.ts';
import type { StreamSlots } from './streamSlots.ts';
import { closeSocket, readMessages, sender, type SenderOptions } from './webSocketMessages.ts';
import { type SocketConnection, type ProtocolOptions, webSocketProtocol } from './webSocketProtocol.ts';

export interface WebSocketOptions extends ProtocolOptions, SenderOptions {
  readonly path: string;
  /** The most that one message may hold. */
  readonly maxBodyBytes: number;
  readonly slots: StreamSlots;
}

/** How often a client has to show that it is still there. */
const PING_MS = 12_000;

/** How often the end of the operations of a connection is looked for while stopping. */
const CHECK_MS = 25;

type Protocol = ReturnType<typeof webSocketProtocol>;

/**
 * Serves the graph over WebSockets. Returns a function that closes them all, with the code 1001: at once, but for those
 * with a query or a mutation under way, which is completed first.
 */
export const webSocketsFor = (options: WebSocketOptions) => (server: Server) => {
  const { path, maxBodyBytes, slots } = options;
  const protocol = webSocketProtocol(options);
  const connections = new Set<SocketConnection>();
  // Not bound to the server, of which it would report every failure to listen as one of its own.
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: maxBodyBytes,
    // One message of a connection in each turn of the event loop, however many a client sends at once.
    allowSynchronousEvents: false,
    handleProtocols: (offered) => offered.has(GRAPHQL_TRANSPORT_WS_PROTOCOL) && GRAPHQL_TRANSPORT_WS_PROTOCOL,
  });
  sockets.on('headers', (headers, request) => {
    headers.push(`${REQUEST_ID_HEADER}: ${assignRequestId(request)}`);
  });
  server.on('upgrade', (request, socket, head) => {
    if (!asksForWebSocket(request)) return ignoreUpgrade(server, request, socket, head);
    assignRequestId(request);
    useOriginForm(request);
    const [pathname] = (request.url ?? '').split('?');
    if (pathname !== path && pathname !== `${path}/`) return refuse(socket, '404 Not Found');
    const giveBack = slots.take();
    if (giveBack === undefined) return refuse(socket, '503 Service Unavailable', 'Retry-After: 1\r\n');
    socket.once('close', giveBack);
    return sockets.handleUpgrade(request, socket, head, (opened) => {
      const connection: SocketConnection = {
        socket: opened,
        request,
        executions: new Set(),
        insertions: new JsonInsertions(),
        operations: 0,
      };
      connections.add(connection);
      opened.once('close', () => connections.delete(connection));
      serveSocket(protocol, connection, options);
    });
  });
  return () =>
    new Promise<void>((resolve) => {
      for (const { socket, executions } of connections) {
        whenEmpty(executions, () => closeSocket(socket, 1001, 'Going away'));
      }
      sockets.close(() => resolve());
    });
};

const serveSocket = (protocol: Protocol, connection: SocketConnection, options: WebSocketOptions) => {
  const { socket, executions } = connection;
  const send = sender(connection, options);
  // What is wrong with a frame has closed the socket already, with a code that says it.
  socket.on('error', () => {});
  const closed = protocol.opened(
    {
      protocol: socket.protocol,
      send,
      close: (code, reason) => closeSocket(socket, code ?? 1000, reason ?? ''),
      onMessage: (take) => readMessages(socket, take),
    },
    connection,
  );
  const stopPinging = keepAlive(socket);
  socket.once('close', (code, reason) => {
    stopPinging();
    for (const cancellation of executions) cancellation.cancel();
    void closed(code, String(reason));
  });
};

const keepAlive = (socket: WebSocket) => {
  let isAlive = true;
  socket.on('pong', () => {
    isAlive = true;
  });
  const timer = setInterval(() => {
    if (!isAlive) return socket.terminate();
    isAlive = false;
    return socket.ping();
  }, PING_MS);
  return () => clearInterval(timer);
};

/** Calls `done` once nothing is being executed, at once if that is so now. */
const whenEmpty = (executions: SocketConnection['executions'], done: () => void) => {
  if (executions.size === 0) return done();
  const timer = setInterval(() => {
    if (executions.size > 0) return;
    clearInterval(timer);
    done();
  }, CHECK_MS);
};

const refuse = (socket: Duplex, status: string, headers = '') => {
  socket.on('error', () => {}); // it may be gone already
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\n${headers}Content-Length: 0\r\n\r\n`, () => socket.destroy());
};
