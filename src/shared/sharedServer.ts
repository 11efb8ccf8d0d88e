import { setTimeout as sleep } from 'node:timers/promises';
import type { Log } from '../observability/log.ts';

/** A Valkey or Redis server, which may be slow or gone at any time. */
export interface SharedServer {
  /**
   * The reply to a command; undefined if there is none in time. Never rejects: callers then go on with what their own process
   * knows.
   */
  readonly send: (...command: readonly string[]) => Promise<unknown>;
  readonly close: () => void;
}

/** In milliseconds. */
export interface SharedServerTimeouts {
  /** How long a reply may take. */
  readonly replyMs: number;
  /** How long the start waits for the first connection. */
  readonly startMs: number;
}

const DEFAULT_TIMEOUTS: SharedServerTimeouts = { replyMs: 250, startMs: 1000 };

/** How long no commands are sent after one that had no reply in time, in milliseconds. */
const PAUSE_MS = 1000;

/** How long connecting may take, in milliseconds. */
const CONNECT_MS = 1000;

/** How often an idle connection is tried, and how long it may then be silent before it is opened again, in milliseconds. */
const PING_MS = 2000;
const SILENCE_MS = 5000;

const MAX_RECONNECT_MS = 2000;

const UNAVAILABLE = 'REDIS_URL cannot be used, so that this replica shares nothing with others until it can';

/**
 * Connects to the server at a `redis:` or `rediss:` URL. Resolves even if the server cannot be reached, which is logged once
 * each time, as is its return; connecting is tried again for as long as it takes. The client is loaded here and nowhere else.
 */
export const connectSharedServer = async (
  url: string,
  log: Log,
  { replyMs, startMs }: SharedServerTimeouts = DEFAULT_TIMEOUTS,
): Promise<SharedServer> => {
  const { createClient } = await import('@redis/client');
  const client = createClient({
    url,
    // Commands that cannot be sent at once fail at once.
    disableOfflineQueue: true,
    pingInterval: PING_MS,
    socket: {
      connectTimeout: CONNECT_MS,
      socketTimeout: SILENCE_MS,
      reconnectStrategy: (retries) =>
        Math.min(50 * 2 ** Math.min(retries, 10), MAX_RECONNECT_MS) * (0.5 + Math.random() / 2),
    },
  });

  let isAvailable: boolean | undefined;
  let pausedUntil = 0;
  let isClosed = false;
  const failed = (reason: string) => {
    if (isAvailable !== false && !isClosed) log.error('shared state', { message: `${UNAVAILABLE}: ${reason}` });
    isAvailable = false;
  };
  const succeeded = () => {
    if (isAvailable === false) log.info('shared state', { message: 'REDIS_URL can be used again.' });
    isAvailable = true;
  };

  client.on('error', (error: unknown) => failed(reasonOf(error)));
  client.on('ready', succeeded);
  const connected = client.connect().catch((error: unknown) => failed(reasonOf(error)));
  await Promise.race([connected, sleep(startMs, undefined, { ref: false })]);

  return {
    send: async (...command) => {
      if (!client.isReady || performance.now() < pausedUntil) return undefined;
      const late = new AbortController();
      try {
        const reply = await Promise.race([client.sendCommand(command), lateReply(replyMs, late.signal)]);
        succeeded();
        return reply;
      } catch (error) {
        if (error instanceof LateReply) pausedUntil = performance.now() + PAUSE_MS;
        failed(reasonOf(error));
        return undefined;
      } finally {
        late.abort();
      }
    },
    close: () => {
      isClosed = true;
      client.destroy();
    },
  };
};

class LateReply extends Error {}

/** Rejects once a reply is late, unless the signal is aborted first. */
const lateReply = async (replyMs: number, signal: AbortSignal): Promise<undefined> => {
  await sleep(replyMs, undefined, { signal, ref: false }).catch(() => {});
  if (signal.aborted) return undefined;
  throw new LateReply(`no reply within ${replyMs} ms`);
};

const reasonOf = (error: unknown): string => {
  if (error instanceof AggregateError) return error.errors.map(reasonOf).join(', ');
  return error instanceof Error ? error.message || error.name : String(error);
};
