import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { closeSlowBodies } from './slowBodies.ts';
import { closeStalledClients } from './stalledClients.ts';

export interface ServeOptions {
  /** 0 for any that is free. */
  readonly port: number;
  readonly host: string;
  readonly listener: RequestListener;
  /** How many connections may be open; no limit by default. */
  readonly maxConnections?: number;
  /** How long a client may read nothing of what waits for it, in milliseconds. */
  readonly stalledClientMs: number;
  /** How long the body of a request may take, in milliseconds; of a streamed one, how long it may make no progress. A minute by default. */
  readonly bodyMs?: number;
  /** Accepts WebSockets from the server; what it returns closes those that are open. None are accepted if this is left out. */
  readonly webSockets?: (server: Server) => () => Promise<void>;
}

/** A server that listens. */
export interface Serving {
  /** Where, as a client on this machine writes it, without a slash at the end. */
  readonly url: string;
  /** Takes no more requests, lets those under way finish for up to `graceMs`, then cuts what is left. */
  readonly stop: (graceMs: number) => Promise<void>;
}

/** Thrown when the address cannot be listened on. The message is one line for an operator. */
export class ListenError extends Error {
  override readonly name = 'ListenError';
}

const TIMEOUTS = {
  // Longer than the minute for which most proxies keep an idle connection: if this server closed it first, a request that
  // is just being sent would be lost.
  keepAliveTimeout: 65_000,
  headersTimeout: 20_000,
  /** None: see closeSlowBodies. */
  requestTimeout: 0,
};

/** For the body of a request to arrive. The response may take as long as it needs. */
const BODY_MS = 60_000;

/** How often connections that became idle are looked for while stopping. */
const IDLE_CHECK_MS = 50;

/** Listens. Rejects with ListenError. */
export const serve = ({
  port,
  host,
  listener,
  webSockets,
  maxConnections,
  stalledClientMs,
  bodyMs = BODY_MS,
}: ServeOptions): Promise<Serving> =>
  new Promise((resolve, reject) => {
    const server = createServer(TIMEOUTS, listener);
    if (maxConnections !== undefined) server.maxConnections = maxConnections;
    closeStalledClients(server, stalledClientMs);
    closeSlowBodies(server, bodyMs);
    const closeWebSockets = webSockets?.(server);
    const refuse = (error: NodeJS.ErrnoException) => reject(new ListenError(explain(error, host, port)));
    server.once('error', refuse);
    server.listen({ port, host }, () => {
      server.off('error', refuse);
      const stop = (graceMs: number) =>
        new Promise<void>((stopped) => {
          const idle = setInterval(() => server.closeIdleConnections(), IDLE_CHECK_MS);
          const cut = setTimeout(() => server.closeAllConnections(), graceMs);
          void closeWebSockets?.();
          server.close(() => {
            clearInterval(idle);
            clearTimeout(cut);
            stopped();
          });
        });
      resolve({ url: urlOf(server.address()), stop });
    });
  });

const urlOf = (address: AddressInfo | string | null) => {
  if (address === null || typeof address === 'string') throw new TypeError(`not a TCP address: ${address}`);
  const any = address.address === '0.0.0.0' || address.address === '::';
  const host = address.family === 'IPv6' ? `[${address.address}]` : address.address;
  return `http://${any ? 'localhost' : host}:${address.port}`;
};

const explain = ({ code, message }: NodeJS.ErrnoException, host: string, port: number) => {
  switch (code) {
    case 'EADDRINUSE':
      return `Port ${port} on ${host} is in use. Set PORT to another one; PORT=0 takes any that is free.`;
    case 'EACCES':
      return `Port ${port} on ${host} may not be used by this user. Set PORT to one above 1023.`;
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `HOST must be an address of this machine, got ${JSON.stringify(host)} (${code}).`;
    default:
      return `Could not listen on ${host}, port ${port}: ${message}`;
  }
};
