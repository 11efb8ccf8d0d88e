import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { text } from 'node:stream/consumers';
import { WebSocket } from 'ws';

/** An operation, sent by any transport. */
export interface Sent {
  /** Not needed if the document is known by an id or a hash. */
  readonly query?: string;
  readonly variables?: Readonly<Record<string, unknown>>;
  readonly operationName?: string;
  readonly extensions?: Readonly<Record<string, unknown>>;
  readonly documentId?: string;
  readonly doc_id?: string;
  readonly id?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What came back: of a refused connection, the errors alone. */
export interface Received {
  readonly data?: Record<string, unknown> | null;
  readonly errors?: readonly { message: string; extensions?: Record<string, unknown> }[];
  readonly extensions?: Record<string, unknown>;
}

type Send = (url: string, sent: Sent) => Promise<Received>;

/** Sends over node:http, since fetch cannot choose the headers `Host` and `Origin`. */
const http = async (url: string, method: string, headers: Record<string, string>, body?: string) => {
  const sending = request(url, { method, headers });
  const [response] = (await once(sending.end(body), 'response')) as [IncomingMessage];
  return text(response);
};

const json = { 'content-type': 'application/json', accept: 'application/json' };

const post: Send = async (url, { headers, ...operation }) =>
  JSON.parse(await http(url, 'POST', { ...json, ...headers }, JSON.stringify(operation)));

/** As for an upload, without a file. */
const multipart: Send = async (url, { headers, ...operation }) => {
  const form = new FormData();
  form.set('operations', JSON.stringify(operation));
  form.set('map', '{}');
  const encoded = new Response(form);
  const own = { 'content-type': encoded.headers.get('content-type') ?? '', 'graphql-require-preflight': '1' };
  return JSON.parse(await http(url, 'POST', { ...json, ...own, ...headers }, await encoded.text()));
};

const get: Send = async (url, { headers, ...operation }) => {
  const search = new URLSearchParams(
    Object.entries(operation).map(([name, value]) => [name, typeof value === 'string' ? value : JSON.stringify(value)]),
  );
  return JSON.parse(await http(`${url}?${search}`, 'GET', { accept: 'application/json', ...headers }));
};

/** The first event of a stream, or what came instead of one. */
const events: Send = async (url, { headers, ...operation }) => {
  const accepting = { ...json, accept: 'text/event-stream', ...headers };
  const body = await http(url, 'POST', accepting, JSON.stringify(operation));
  const [, data = body] = body.match(/^event: next\ndata: (.*)$/m) ?? [];
  return JSON.parse(data);
};

/** The first result over a WebSocket, or FORBIDDEN if it is closed. */
const webSocket: Send = async (url, { headers, query = '', ...operation }) => {
  const payload = { query, ...operation };
  const socket = new WebSocket(url.replace('http', 'ws'), 'graphql-transport-ws', { headers });
  const send = (message: object) => socket.send(JSON.stringify(message));
  const received = new Promise<Received>((resolve, reject) => {
    socket.on('error', reject);
    socket.on('close', (code) => resolve({ errors: [{ message: `closed with ${code}` }] }));
    socket.on('open', () => send({ type: 'connection_init' }));
    socket.on('message', (data: Buffer) => {
      const message = JSON.parse(data.toString());
      if (message.type === 'connection_ack') send({ id: '1', type: 'subscribe', payload });
      if (message.type === 'next') resolve(message.payload);
      if (message.type === 'error') resolve({ errors: message.payload });
    });
  });
  return received.finally(() => socket.terminate());
};

/** Every way in which an operation can reach the graph. */
export const transports: readonly (readonly [name: string, send: Send])[] = [
  ['POST', post],
  ['a multipart request', multipart],
  ['GET', get],
  ['server-sent events', events],
  ['a WebSocket', webSocket],
];
