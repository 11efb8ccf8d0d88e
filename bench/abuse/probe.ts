import { subscribe } from 'node:diagnostics_channel';
import { readFileSync } from 'node:fs';
import type { Socket } from 'node:net';

/**
 * Loaded into the server: replies to the message `start` with its memory, and to `stop` with what it did since, as `Usage`. Needs
 * `--expose-gc`.
 */
export interface Usage {
  readonly bytesIn: number;
  readonly bytesOut: number;
  /** The most processor time that the main thread used between two timers that were due. Time that others had the core does not count. */
  readonly longestTurnMs: number;
  readonly rssMiB: number;
  /** In the heap and outside of it, without garbage. */
  readonly inUseMiB: number;
  readonly mostRssMiB: number;
  /** Warnings of Node, such as of too many listeners, each with its stack. */
  readonly warnings: readonly string[];
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

/** Of the main thread alone: those of the garbage collector and of the pool do not hold the event loop. */
const cpuMs = () => Number(readFileSync(`/proc/self/task/${process.pid}/schedstat`, 'utf8').split(' ', 1)[0]) / 1e6;

let start = bytes();
let longestTurnMs = 0;
let mostRss = 0;
let warnings: string[] = [];
let lastLook = { at: performance.now(), cpuMs: cpuMs() };

setInterval(() => {
  const look = { at: performance.now(), cpuMs: cpuMs() };
  longestTurnMs = Math.max(longestTurnMs, Math.min(look.at - lastLook.at, look.cpuMs - lastLook.cpuMs) - LOOK_MS);
  lastLook = look;
}, LOOK_MS).unref();
setInterval(() => {
  mostRss = Math.max(mostRss, process.memoryUsage.rss());
}, 50).unref();

process.on('warning', ({ stack = '' }) => warnings.push(stack));

const usage = (): Usage => {
  const { bytesIn, bytesOut } = bytes();
  const used = {
    bytesIn: bytesIn - start.bytesIn,
    bytesOut: bytesOut - start.bytesOut,
    longestTurnMs,
    mostRssMiB: mostRss / MIB,
    warnings,
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
    warnings = [];
  }
  process.send?.(used);
});
process.channel?.unref();
