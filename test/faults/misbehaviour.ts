import type { ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';
import type { ErrorCode } from '../../src/context/errors.ts';
import { raw, refusal, reply } from '../support/upstream.ts';

/** A way in which an upstream misbehaves. It has received the call, and so may have carried out a write. */
export interface Misbehaviour {
  readonly name: string;
  readonly response: object;
  /** What clients get. */
  readonly code: ErrorCode;
  /** Whether reads and deletions are sent again. */
  readonly isRetried?: true;
}

/** A redirect leads to the server at `elsewhere`; some responses echo `key`. */
export const misbehaviours = (elsewhere: string, key: string): readonly Misbehaviour[] => [
  { name: 'resets before the header', response: resetAfter(), code: 'UPSTREAM_UNAVAILABLE', isRetried: true },
  { name: 'closes before the header', response: raw(closed), code: 'UPSTREAM_UNAVAILABLE', isRetried: true },
  { name: 'resets after the header', response: resetAfter(''), code: 'UPSTREAM_INVALID_RESPONSE', isRetried: true },
  { name: 'resets within the body', response: resetAfter('{"id"'), code: 'UPSTREAM_INVALID_RESPONSE', isRetried: true },
  { name: 'never responds', response: raw(() => {}), code: 'UPSTREAM_TIMEOUT' },
  { name: 'sends one byte a second', response: raw(drip), code: 'UPSTREAM_TIMEOUT' },
  { name: 'never ends its header', response: raw(halfHeader), code: 'UPSTREAM_TIMEOUT' },
  {
    name: 'sends 429 with a short Retry-After',
    response: reply({ status: 429, headers: { 'retry-after-ms': '10' } }),
    code: 'RATE_LIMITED',
    isRetried: true,
  },
  {
    name: 'sends 429 with a Retry-After past the deadline',
    response: reply({ status: 429, headers: { 'retry-after': '3600' } }),
    code: 'RATE_LIMITED',
  },
  { name: 'sends 429 without Retry-After', response: reply({ status: 429 }), code: 'RATE_LIMITED', isRetried: true },
  { name: 'sends 408', response: reply({ status: 408 }), code: 'UPSTREAM_TIMEOUT', isRetried: true },
  { name: 'sends 500', response: refusal(500, 'Broken.'), code: 'UPSTREAM_ERROR', isRetried: true },
  {
    name: 'sends 502 with a web page',
    response: reply({ status: 502, headers: html, body: '<h1>Bad gateway</h1>' }),
    code: 'UPSTREAM_ERROR',
    isRetried: true,
  },
  { name: 'sends 503', response: reply({ status: 503 }), code: 'UPSTREAM_ERROR', isRetried: true },
  { name: 'sends 504', response: reply({ status: 504 }), code: 'UPSTREAM_TIMEOUT', isRetried: true },
  {
    name: 'sends an error without end',
    response: endless(500, { 'content-type': 'text/plain' }),
    code: 'UPSTREAM_ERROR',
    isRetried: true,
  },
  {
    name: 'echoes the key in its error',
    response: reply({
      status: 500,
      headers: { 'x-request-id': `req-${key}` },
      json: { error: { message: `The key ${key} is broken.`, param: key, code: key } },
    }),
    code: 'UPSTREAM_ERROR',
    isRetried: true,
  },
  {
    name: 'sends a web page with 200',
    response: reply({ headers: html, body: '<!doctype html><p>Hello' }),
    code: 'UPSTREAM_INVALID_RESPONSE',
  },
  { name: 'sends truncated JSON', response: reply({ body: '{"id": "x", "ob' }), code: 'UPSTREAM_INVALID_RESPONSE' },
  { name: 'sends nothing with 200', response: reply({ body: '' }), code: 'UPSTREAM_INVALID_RESPONSE' },
  { name: 'sends JSON of the wrong shape', response: reply({ body: '[[{}]]' }), code: 'UPSTREAM_INVALID_RESPONSE' },
  {
    name: 'sends an error with 200',
    response: reply({ json: { error: { message: 'Broken.', type: 'server_error' } } }),
    code: 'UPSTREAM_INVALID_RESPONSE',
  },
  { name: 'sends what is not HTTP', response: raw(notHttp), code: 'UPSTREAM_INVALID_RESPONSE' },
  {
    name: 'sends a header of 100 KB',
    response: reply({ headers: { 'x-flood': 'x'.repeat(100_000) }, body: '{}' }),
    code: 'UPSTREAM_INVALID_RESPONSE',
  },
  {
    name: 'sends a body of 50 MB',
    response: endless(200, { 'content-length': String(50 * MB) }),
    code: 'UPSTREAM_INVALID_RESPONSE',
  },
  { name: 'sends a body without end', response: endless(200, {}), code: 'UPSTREAM_INVALID_RESPONSE' },
  {
    name: 'sends a gzip bomb',
    response: raw((outgoing) => void outgoing.writeHead(200, { 'content-encoding': 'gzip' }).end(bomb)),
    code: 'UPSTREAM_INVALID_RESPONSE',
  },
  ...[301, 302, 307, 308].map(
    (status): Misbehaviour => ({
      name: `redirects elsewhere with ${status}`,
      response: reply({ status, headers: { location: `${elsewhere}/taken` } }),
      code: 'UPSTREAM_INVALID_RESPONSE',
    }),
  ),
];

const MB = 1024 * 1024;
const html = { 'content-type': 'text/html; charset=utf-8' };
const bomb = gzipSync(Buffer.alloc(50 * MB, ' '));
const piece = Buffer.alloc(65_536, ' ');

const closed = (response: ServerResponse) => {
  response.socket?.end();
};

/** Resets the connection, after a header and `beginning` if there is one. */
const resetAfter = (beginning?: string) =>
  raw((response) => {
    const reset = () => {
      response.socket?.resetAndDestroy();
    };
    if (beginning === undefined) return reset();
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': '100' });
    response.flushHeaders();
    // Later, or the reset would overtake what was sent.
    response.write(beginning, () => setTimeout(reset, 20));
  });

const drip = (response: ServerResponse) => {
  response.writeHead(200, { 'content-type': 'application/json' });
  const timer = setInterval(() => response.write(' '), 1_000);
  response.on('close', () => clearInterval(timer));
};

const halfHeader = (response: ServerResponse) => {
  response.socket?.write('HTTP/1.1 200 OK\r\ncontent-type: appl');
};

const notHttp = (response: ServerResponse) => {
  response.socket?.end('SSH-2.0-OpenSSH_9.2\r\n');
};

/** Sends until the connection is closed, or until it has sent as much as it announced. */
const endless = (status: number, headers: Record<string, string>) =>
  raw((response) => {
    let left = Number(headers['content-length'] ?? Number.POSITIVE_INFINITY);
    response.writeHead(status, headers);
    const send = () => {
      while (left > 0 && !response.destroyed) {
        left -= piece.length;
        if (!response.write(piece)) {
          response.once('drain', send);
          return;
        }
      }
      response.end();
    };
    send();
  });
