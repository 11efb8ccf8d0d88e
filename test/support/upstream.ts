import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

/** A request as the upstream got it. */
export interface UpstreamCall {
  method: string;
  /** As sent, still percent-encoded, without the query. */
  path: string;
  /** Decoded; of a repeated key the last value. */
  query: Record<string, string>;
  headers: IncomingHttpHeaders;
  /** Parsed JSON; undefined where no body was sent, and the text where it is not JSON. */
  body: unknown;
}

interface ReplyOptions {
  status?: number;
  headers?: Record<string, string>;
  json?: unknown;
  /** Sent as it is, in place of `json`. */
  body?: string;
  delayMs?: number;
}

/** An answer other than 200 with JSON. Only the functions `reply` and `raw` make one. */
class Reply {
  readonly send: (response: ServerResponse) => void | Promise<void>;

  constructor(send: (response: ServerResponse) => void | Promise<void>) {
    this.send = send;
  }
}

/** An answer with a status, headers, a delay or a body of its own. */
export const reply = ({ status = 200, headers = {}, json, body, delayMs = 0 }: ReplyOptions): Reply =>
  new Reply(async (response) => {
    if (delayMs > 0) await delay(delayMs);
    const isJson = body === undefined && json !== undefined;
    response.writeHead(status, { ...(isJson ? { 'content-type': 'application/json' } : {}), ...headers });
    response.end(isJson ? JSON.stringify(json) : body);
  });

/** The envelope that the API wraps its errors in. */
export const refusal = (status: number, message: string, error: Record<string, unknown> = {}): Reply =>
  reply({ status, json: { error: { message, type: 'invalid_request_error', param: null, code: null, ...error } } });

/** Full hold of the response, to misbehave with: half a body, no answer, a closed socket. */
export const raw = (send: (response: ServerResponse) => void | Promise<void>): Reply => new Reply(send);

/** Plain JSON is answered with 200; a function is called for each request. */
type Route = object | string | null | ((call: UpstreamCall) => unknown);

/** By `GET /threads/t1`, the path as it is sent; or one function for all calls, which answers undefined for what it does not know. */
type Routes = Record<string, Route> | ((call: UpstreamCall) => unknown);

export interface TestUpstream {
  /** The base URL, without a slash at its end. */
  url: string;
  calls: UpstreamCall[];
  /** Each call as `GET /threads/t1?limit=20`: the path as sent, the query decoded. */
  paths(): string[];
  /** How many connections were opened so far, and how many at most at a time. */
  connections: { opened: number; most: number };
  close(): Promise<void>;
}

/**
 * Starts a real HTTP server on a free port that plays an upstream and remembers what it was asked. A call that no route
 * answers gets 501, which no test mistakes for a missing object.
 */
export const startUpstream = async (routes: Routes): Promise<TestUpstream> => {
  const calls: UpstreamCall[] = [];
  const connections = { opened: 0, most: 0 };
  let open = 0;

  const server = createServer((request, response) => {
    answer(request, response).catch(() => response.destroy());
  });
  server.on('connection', (socket) => {
    connections.opened += 1;
    open += 1;
    connections.most = Math.max(connections.most, open);
    socket.on('close', () => {
      open -= 1;
    });
  });

  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const call = await received(request);
    calls.push(call);
    const found = await answerTo(routes, call);
    const answered = found instanceof Reply ? found : found === undefined ? unknownRoute(call) : reply({ json: found });
    await answered.send(response);
  };

  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls,
    paths: () => calls.map(lineOf),
    connections,
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
};

const answerTo = (routes: Routes, call: UpstreamCall): unknown => {
  const route = typeof routes === 'function' ? routes : routes[`${call.method} ${call.path}`];
  return typeof route === 'function' ? route(call) : route;
};

const unknownRoute = ({ method, path }: UpstreamCall) =>
  refusal(501, `The test's upstream has no route for ${method} ${path}`);

const received = async (request: IncomingMessage): Promise<UpstreamCall> => {
  const [path = '', query] = (request.url ?? '').split('?', 2);
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return {
    method: request.method ?? '',
    path,
    query: Object.fromEntries(new URLSearchParams(query)),
    headers: request.headers,
    body: bodyIn(Buffer.concat(chunks).toString()),
  };
};

const bodyIn = (text: string): unknown => {
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
};

const lineOf = ({ method, path, query }: UpstreamCall) => {
  const pairs = Object.entries(query).map(([name, value]) => `${name}=${value}`);
  return `${method} ${path}${pairs.length === 0 ? '' : `?${pairs.join('&')}`}`;
};
