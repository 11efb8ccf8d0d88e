import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

/** A request as it came, parsed. */
export interface SeenRequest {
  method: string;
  /** With the query. */
  path: string;
  /** Names in lower case. */
  headers: Record<string, string>;
  /** Parsed JSON; undefined if there was no body. */
  body: Record<string, unknown>;
}

/** Writes a response to the socket, byte for byte. */
export type Play = (socket: Socket, request: SeenRequest) => void | Promise<void>;

export interface RawServer {
  /** The base URL of its API. */
  url: string;
  requests: SeenRequest[];
  /** Connections that were opened, and those that are open. */
  connections: { opened: number; open: number };
}

const parsedHead = (head: string) => {
  const [first = '', ...lines] = head.split('\r\n');
  const [method = '', path = ''] = first.split(' ');
  const headers = Object.fromEntries(
    lines.map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 1).trim()]),
  );
  return { method, path, headers };
};

/**
 * Starts a server on TCP that parses requests and leaves every byte of the responses to `plays`: the nth request gets
 * the nth of them, and all after that the last.
 */
export const startRawServer = async (...plays: [Play, ...Play[]]): Promise<RawServer> => {
  const requests: SeenRequest[] = [];
  const sockets = new Set<Socket>();
  const connections = { opened: 0, open: 0 };

  const server = createServer((socket) => {
    sockets.add(socket);
    connections.opened += 1;
    connections.open += 1;
    socket.on('close', () => {
      sockets.delete(socket);
      connections.open -= 1;
    });
    socket.on('error', () => undefined);
    let received = Buffer.alloc(0);
    socket.on('data', (piece) => {
      received = Buffer.concat([received, piece]);
      const headEnd = received.indexOf('\r\n\r\n');
      if (headEnd === -1) return;
      const head = parsedHead(received.subarray(0, headEnd).toString('latin1'));
      const bodyStart = headEnd + 4;
      const bodyEnd = bodyStart + Number(head.headers['content-length'] ?? 0);
      if (received.length < bodyEnd) return;
      const body = received.subarray(bodyStart, bodyEnd).toString('utf8');
      received = received.subarray(bodyEnd);
      const request = { ...head, body: (body === '' ? {} : JSON.parse(body)) as Record<string, unknown> };
      const play = plays[Math.min(requests.push(request), plays.length) - 1] ?? plays[0];
      void Promise.resolve(play(socket, request)).catch(() => socket.destroy());
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`, requests, connections };
};

interface Response {
  status?: number;
  headers?: Record<string, string>;
}

const headOf = ({ status = 200, headers = {} }: Response) =>
  `HTTP/1.1 ${status} Status\r\n${Object.entries(headers)
    .map(([name, value]) => `${name}: ${value}\r\n`)
    .join('')}`;

/** A response with a known length: an error, or a completion that is not streamed. */
export const whole =
  (body: string | object, { status, headers = { 'content-type': 'application/json' } }: Response = {}): Play =>
  (socket) => {
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    socket.write(
      `${headOf({ status: status ?? 200, headers })}content-length: ${Buffer.byteLength(text)}\r\n\r\n${text}`,
    );
  };

const eventStream = { 'content-type': 'text/event-stream' };

/** A stream in which every byte is a chunk of its own, so that no boundary is where a parser expects it. */
export const streamed =
  (body: string, { headers = eventStream, status = 200 }: Response = {}): Play =>
  (socket) => {
    const chunks = [...Buffer.from(body)].map((byte) => Buffer.from([0x31, 13, 10, byte, 13, 10]));
    socket.write(
      Buffer.concat([
        Buffer.from(`${headOf({ status, headers })}transfer-encoding: chunked\r\n\r\n`),
        ...chunks,
        Buffer.from('0\r\n\r\n'),
      ]),
    );
  };

/** A stream without a known length that ends where the server closes the connection: a cut is no error of HTTP. */
export const streamedUntilClose =
  (body: Uint8Array | string): Play =>
  (socket) => {
    socket.end(
      Buffer.concat([Buffer.from(`${headOf({ headers: eventStream })}connection: close\r\n\r\n`), Buffer.from(body)]),
    );
  };

/** A stream that stays open after what is given. */
export const unending =
  (body: string): Play =>
  (socket) => {
    const text = Buffer.from(body);
    const chunk = text.length === 0 ? '' : `${text.length.toString(16)}\r\n${body}\r\n`;
    socket.write(`${headOf({ headers: eventStream })}transfer-encoding: chunked\r\n\r\n${chunk}`);
  };

/** A chunked stream that the server breaks off. */
export const brokenOff =
  (body: string): Play =>
  async (socket, request) => {
    await unending(body)(socket, request);
    socket.end();
  };

/** Events of JSON, as most servers write them. */
export const events = (...values: object[]): string =>
  values.map((value) => `data: ${JSON.stringify(value)}\n\n`).join('');

export const done = 'data: [DONE]\n\n';
