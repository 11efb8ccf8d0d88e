import type { Server } from 'node:http';
import type { Socket } from 'node:net';

interface Progress {
  /** Bytes that the kernel has taken so far. */
  sent: number;
  /** By `performance.now()`, when `sent` changed last. */
  since: number;
}

/** How often sockets are looked at while `stalledMs` passes. */
const LOOKS = 4;

/**
 * Closes the sockets of clients that do not read what was sent to them, HTTP and WebSockets alike: a socket with bytes that are
 * waiting to be sent, of which none could be sent for `stalledMs` milliseconds.
 */
export const closeStalledClients = (server: Server, stalledMs: number): void => {
  const sockets = new Map<Socket, Progress>();
  server.on('connection', (socket) => {
    sockets.set(socket, { sent: 0, since: performance.now() });
    socket.once('close', () => sockets.delete(socket));
  });
  const look = () => {
    const now = performance.now();
    for (const [socket, progress] of sockets) {
      const sent = socket.bytesWritten - socket.writableLength;
      if (socket.writableLength === 0 || sent !== progress.sent) {
        progress.sent = sent;
        progress.since = now;
      } else if (now - progress.since > stalledMs) {
        socket.destroy();
      }
    }
  };
  const timer = setInterval(look, stalledMs / LOOKS).unref();
  server.once('close', () => clearInterval(timer));
};
