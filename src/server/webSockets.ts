import type { Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { GRAPHQL_TRANSPORT_WS_PROTOCOL } from 'graphql-ws';
import { type WebSocket, WebSocketServer } from 'ws';
import { assignRequestId, REQUEST_ID_HEADER } from '../access/requestId.ts';
import { jsonProblem } from '../pipeline/params.ts';
import type { StreamSlots } from './streamSlots.ts';
import { type SocketConnection, type ProtocolOptions, webSocketProtocol } from './webSocketProtocol.ts';

export interface WebSocketOptions extends ProtocolOptions {
  readonly path: string;
  /** The most that one message may hold. */
  readonly maxBodyBytes: number;
  /** What may wait to be sent to one client. */
  readonly maxBufferedBytes: number;
  readonly slots: StreamSlots;
}

/** How long a client may take to agree to the closing of its connection. */
const CLOSING_MS = 1000;

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
    assignRequestId(request);
    const [pathname] = (request.url ?? '').split('?');
    if (pathname !== path && pathname !== `${path}/`) return refuse(socket, '404 Not Found');
    const giveBack = slots.take();
    if (giveBack === undefined) return refuse(socket, '503 Service Unavailable', 'Retry-After: 1\r\n');
    socket.once('close', giveBack);
    return sockets.handleUpgrade(request, socket, head, (opened) => {
      const connection: SocketConnection = { socket: opened, request, executions: new Set(), operations: 0 };
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
  const send = sender(socket, options);
  // What is wrong with a frame has closed the socket already, with a code that says it.
  socket.on('error', () => {});
  const closed = protocol.opened(
    {
      protocol: socket.protocol,
      send,
      close: (code, reason) => closeSocket(socket, code ?? 1000, reason ?? ''),
      onMessage: (take) =>
        socket.on('message', (data: Buffer) => {
          // What a client has sent before it learns that its connection is being closed.
          if (socket.readyState !== socket.OPEN) return;
          const problem = jsonProblem(data, 'The message');
          if (problem !== undefined) return closeSocket(socket, 4400, problem);
          take(data.toString()).catch(() => closeSocket(socket, 4500, 'Internal server error'));
        }),
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

/** Messages that may wait for each operation: its last result and its end. */
const MESSAGES_PER_OPERATION = 2;
/** Messages that may wait in addition, such as pongs. */
const OTHER_MESSAGES = 100;

/**
 * Returns a function that sends a message, and resolves once it has left this process. A client that does not read is cut off
 * when too much waits for it. The number of messages is limited too, since Node makes an error of each one that waits on a
 * connection that is cut off.
 */
const sender = (socket: WebSocket, { maxBufferedBytes, maxOperations }: WebSocketOptions) => {
  const maxWaiting = MESSAGES_PER_OPERATION * maxOperations + OTHER_MESSAGES;
  let waiting = 0;
  return (data: string) =>
    new Promise<void>((resolve) => {
      if (socket.readyState !== socket.OPEN) return resolve();
      waiting += 1;
      // Failing to send means that the socket is closing, of which the protocol hears by its `close`.
      socket.send(data, () => {
        waiting -= 1;
        resolve();
      });
      if (socket.bufferedAmount > maxBufferedBytes || waiting > maxWaiting) socket.terminate();
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

const closeSocket = (socket: WebSocket, code: number, reason: string) => {
  if (socket.readyState !== socket.OPEN) return;
  socket.close(code, reason);
  const cut = setTimeout(() => socket.terminate(), CLOSING_MS);
  socket.once('close', () => clearTimeout(cut));
};

const refuse = (socket: Duplex, status: string, headers = '') => {
  socket.on('error', () => {}); // it may be gone already
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\n${headers}Content-Length: 0\r\n\r\n`, () => socket.destroy());
};
