import type { WebSocket } from 'ws';
import { RequestError } from '../access/requestError.ts';
import { requestText } from '../pipeline/params.ts';
import type { SocketConnection } from './webSocketProtocol.ts';

/** How long a client may take to agree to the closing of its connection. */
const CLOSING_MS = 1000;

export interface SenderOptions {
  /** What may wait to be sent to one client, in bytes, before the next message. */
  readonly maxBufferedBytes: number;
  /** How many operations one connection may have under way. */
  readonly maxOperations: number;
}

/** Messages that may wait for each operation: its last result and its end. */
const MESSAGES_PER_OPERATION = 2;
/** Messages that may wait in addition, such as pongs. */
const OTHER_MESSAGES = 100;

/**
 * Returns a function that sends a message, and resolves once it has left this process. A client that does not read is cut off
 * when too much waits for it. The number of messages is limited too, since Node makes an error of each one that waits on a
 * connection that is cut off.
 */
export const sender = (
  { socket, insertions }: SocketConnection,
  { maxBufferedBytes, maxOperations }: SenderOptions,
) => {
  const maxWaiting = MESSAGES_PER_OPERATION * maxOperations + OTHER_MESSAGES;
  let waiting = 0;
  return (data: string) =>
    new Promise<void>((resolve) => {
      const message = insertions.insertInto(data);
      if (socket.readyState !== socket.OPEN) return resolve();
      waiting += 1;
      // Before the message, which alone may have more bytes.
      if (socket.bufferedAmount > maxBufferedBytes || waiting > maxWaiting) socket.terminate();
      // Failing to send means that the socket is closing, of which the protocol hears by its `close`.
      socket.send(message, { binary: false }, () => {
        waiting -= 1;
        resolve();
      });
    });
};

/** Passes the messages of a client on in order, although a long one is read in several turns of the event loop. */
export const readMessages = (socket: WebSocket, take: (text: string) => Promise<void>): void => {
  const fail = (error: unknown) =>
    error instanceof RequestError
      ? closeSocket(socket, 4400, error.message)
      : closeSocket(socket, 4500, 'Internal server error');
  const read = async (data: Buffer) => {
    // What a client has sent before it learns that its connection is being closed.
    if (socket.readyState !== socket.OPEN) return;
    const text = await requestText(data, 'The message');
    take(text).catch(fail);
  };
  let reading = Promise.resolve();
  socket.on('message', (data: Buffer) => {
    reading = reading.then(() => read(data)).catch(fail);
  });
};

/** Closes a connection. A client that does not agree in time is cut off. */
export const closeSocket = (socket: WebSocket, code: number, reason: string) => {
  if (socket.readyState !== socket.OPEN) return;
  socket.close(code, reason);
  const cut = setTimeout(() => socket.terminate(), CLOSING_MS);
  socket.once('close', () => clearTimeout(cut));
};
