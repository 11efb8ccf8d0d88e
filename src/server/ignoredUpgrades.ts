import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';

/** Headers that concern an upgrade alone, and options of the header `connection` that name them. */
const OF_UPGRADES = new Set(['upgrade', 'http2-settings']);

export const asksForWebSocket = ({ headers }: IncomingMessage): boolean =>
  headers.upgrade?.toLowerCase() === 'websocket';

/**
 * Serves a request as if it did not ask for an upgrade, as servers do with a protocol that they do not have (RFC 9110, section
 * 7.8): the HTTP clients of Java and `curl --http2` ask for `h2c`. Node takes every upgrade out of HTTP once a server accepts any, so
 * the request is parsed again without it. `head` is what has arrived of its body.
 */
export const ignoreUpgrade = (server: Server, request: IncomingMessage, socket: Duplex, head: Buffer): void => {
  const { method, url, httpVersion, rawHeaders } = request;
  const lines = [`${method} ${url} HTTP/${httpVersion}`];
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const [name = '', value = ''] = rawHeaders.slice(index, index + 2);
    if (OF_UPGRADES.has(name.toLowerCase())) continue;
    lines.push(`${name}: ${name.toLowerCase() === 'connection' ? withoutUpgrade(value) : value}`);
  }
  socket.unshift(Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'), head]));
  server.emit('connection', socket);
};

const withoutUpgrade = (connection: string) =>
  connection
    .split(',')
    .filter((option) => !OF_UPGRADES.has(option.trim().toLowerCase()))
    .join(',');
