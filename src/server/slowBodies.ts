import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** The least that must arrive of a streamed body in each period. Slower clients only hold a connection. */
const LEAST_BYTES = 16 * 1024;

const RESPONSE = 'HTTP/1.1 408 Request Timeout\r\nConnection: close\r\n\r\n';

const streamed = new WeakSet<IncomingMessage>();

/** What ends the watch over the request that arrives on a connection. */
const watches = new WeakMap<Socket, () => void>();

/** Lets the body of a request take as long as it needs, if it goes on to arrive. */
export const allowSlowBody = (request: IncomingMessage): void => {
  streamed.add(request);
};

/**
 * Closes connections whose request has not arrived `periodMs` milliseconds after its head, or of which less than LEAST_BYTES arrive in
 * that time if its body is streamed. Node's own `requestTimeout` knows no such difference.
 */
export const closeSlowBodies = (server: Server, periodMs: number): void => {
  server.on('request', (request, response) => {
    // By then, a short body has arrived. Not in the next tick: Node runs that between a body and the end of its request.
    setImmediate(() => {
      if (!request.complete && !request.destroyed) watch(request, response, periodMs);
    });
  });
};

const watch = (request: IncomingMessage, response: ServerResponse, periodMs: number) => {
  const { socket } = request;
  // The request before this one has arrived, though it may still wait for its response.
  watches.get(socket)?.();
  let read = socket.bytesRead;
  const stop = () => {
    clearInterval(timer);
    // A request whose response was complete before its body has no 'close' of its own.
    socket.off('close', stop);
    request.off('close', stop);
  };
  const timer = setInterval(() => {
    const isArriving = socket.bytesRead - read >= LEAST_BYTES;
    read = socket.bytesRead;
    if (request.complete) stop();
    if (request.complete || (streamed.has(request) && isArriving)) return;
    stop();
    if (!response.headersSent) socket.write(RESPONSE);
    socket.destroySoon();
  }, periodMs);
  watches.set(socket, stop);
  socket.on('close', stop);
  request.on('close', stop);
};
