import { subscribe } from 'node:diagnostics_channel';
import type { Socket } from 'node:net';

/**
 * Loaded into the server: replies to the message `start` with its memory, and to `stop` with what it did since, as `Usage`. Needs
 * `--expose-gc`.
 */
export interface Usage {
  readonly bytesIn: number;
  readonly bytesOut: number;
  /** The longest that a timer was late while the process was busy: time that other processes had the core does not count. */
  readonly longestTurnMs: number;
  readonly rssMiB: number;
  /** In the heap and outside of it, without garbage. */
  readonly inUseMiB: number;
  readonly mostRssMiB: number;
}

const LOOK_MS = 2;
const MIB = 1024 * 1024;

const open = new Set<Socket>();
let closedIn = 0;
let closedOut = 0;
/** The first connection is that of the client who asks for /health. */
let isFirst = true;

subscribe('net.server.socket', (message) => {
  const { socket } = message as { socket: Socket };
  if (isFirst) {
    isFirst = false;
    return;
  }
  open.add(socket);
  socket.once('close', () => {
    open.delete(socket);
    closedIn += socket.bytesRead;
    closedOut += socket.bytesWritten - socket.writableLength;
  });
});

const bytes = () => {
  let bytesIn = closedIn;
  let bytesOut = closedOut;
  for (const socket of open) {
    bytesIn += socket.bytesRead;
    bytesOut += socket.bytesWritten - socket.writableLength;
  }
  return { bytesIn, bytesOut };
};

const cpuMs = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};

let start = bytes();
let longestTurnMs = 0;
let mostRss = 0;
let lastLook = { at: performance.now(), cpuMs: cpuMs() };

setInterval(() => {
  const look = { at: performance.now(), cpuMs: cpuMs() };
  longestTurnMs = Math.max(longestTurnMs, Math.min(look.at - lastLook.at, look.cpuMs - lastLook.cpuMs) - LOOK_MS);
  lastLook = look;
}, LOOK_MS).unref();
setInterval(() => {
  mostRss = Math.max(mostRss, process.memoryUsage.rss());
}, 50).unref();

const usage = (): Usage => {
  const { bytesIn, bytesOut } = bytes();
  const used = {
    bytesIn: bytesIn - start.bytesIn,
    bytesOut: bytesOut - start.bytesOut,
    longestTurnMs,
    mostRssMiB: mostRss / MIB,
  };
  globalThis.gc?.();
  globalThis.gc?.();
  const { heapUsed, external, rss } = process.memoryUsage();
  lastLook = { at: performance.now(), cpuMs: cpuMs() };
  return { ...used, rssMiB: rss / MIB, inUseMiB: (heapUsed + external) / MIB };
};

process.on('message', (message) => {
  const used = usage();
  if (message === 'start') {
    start = bytes();
    longestTurnMs = 0;
    mostRss = 0;
  }
  process.send?.(used);
});
process.channel?.unref();
