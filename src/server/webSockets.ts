import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import type { ExecutionResult, GraphQLError } from 'graphql';
import type { YogaServerInstance } from 'graphql-yoga';
import { useServer } from 'graphql-ws/use/ws';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Context } from '../context/context.ts';
import { ROUTER_HEADER } from '../access/routerSecret.ts';
import { leavable } from './leavable.ts';

export interface WebSocketOptions {
  readonly path: string;
  readonly graphql: YogaServerInstance<object, Context>;
  /** Whether a connection with these headers may be made. */
  readonly admits: (headers: Pick<Headers, 'get'>) => boolean;
  /** What a client is told of an error. */
  readonly publicError: (error: unknown) => GraphQLError;
  /** The most that one message may hold. */
  readonly maxBodyBytes: number;
}

/** One operation of a client; it goes to graphql-ws as the root value, which has no other use here. */
interface Operation {
  readonly enveloped: ReturnType<WebSocketOptions['graphql']['getEnveloped']>;
  /** Aborted when nobody waits for its answer any more. */
  readonly left: AbortController;
  readonly socket: WebSocket;
}

/** How long a client may take to agree to the closing of its connection. */
const CLOSING_MS = 1000;

/** Serves the graph over WebSockets by the protocol `graphql-transport-ws`. Gives what closes them all. */
export const webSocketsFor = (options: WebSocketOptions) => (server: Server) => {
  const { path, graphql, admits, publicError, maxBodyBytes } = options;
  // Not bound to the server, of which it would report every failure to listen as one of its own.
  const sockets = new WebSocketServer({ noServer: true, maxPayload: maxBodyBytes });
  server.on('upgrade', (request, socket, head) => {
    const [pathname] = (request.url ?? '').split('?');
    if (pathname !== path) return refuse(socket);
    return sockets.handleUpgrade(request, socket, head, (opened) => sockets.emit('connection', opened, request));
  });

  const answering = answersBySocket();
  const serving = useServer(
    {
      onConnect: ({ extra, connectionParams }) => {
        const headers = headersOf(extra.request, connectionParams);
        return headers !== undefined && admits(headers);
      },
      onSubscribe: async ({ extra, connectionParams }, _id, { query, operationName, variables }) => {
        const left = new AbortController();
        const headers = headersOf(extra.request, connectionParams) ?? new Headers();
        const request = new Request(`http://localhost${path}`, { method: 'POST', headers, signal: left.signal });
        const enveloped = graphql.getEnveloped({ request });
        try {
          const document = enveloped.parse(query);
          const errors = enveloped.validate(enveloped.schema, document);
          if (errors.length > 0) return errors;
          return {
            schema: enveloped.schema,
            document,
            operationName,
            variableValues: variables,
            contextValue: await enveloped.contextFactory(),
            rootValue: { enveloped, left, socket: extra.socket } satisfies Operation,
          };
        } catch (error) {
          return [publicError(error)];
        }
      },
      execute: (args) => {
        const { enveloped, left, socket } = args.rootValue as Operation;
        return answering(socket, left, async (): Promise<ExecutionResult> => enveloped.execute(args));
      },
      subscribe: (args) => {
        const { enveloped, left } = args.rootValue as Operation;
        return leavable(enveloped.subscribe(args), () => left.abort());
      },
      onError: (_context, _id, _payload, errors) => errors.map((error) => publicError(error).toJSON()),
    },
    sockets,
  );
  return async () => {
    const cut = setTimeout(() => {
      for (const socket of sockets.clients) socket.terminate();
    }, CLOSING_MS);
    await serving.dispose();
    clearTimeout(cut);
  };
};

const refuse = (socket: Duplex) => {
  socket.on('error', () => {}); // it may be gone already
  socket.end('HTTP/1.1 404 Not Found\r\nConnection: close\r\nContent-Length: 0\r\n\r\n', () => socket.destroy());
};

/** Has single answers given up when their socket closes; graphql-ws itself leaves subscriptions then, and only those. */
const answersBySocket = () => {
  const underWay = new WeakMap<WebSocket, Set<AbortController>>();
  const waitedForBy = (socket: WebSocket) => {
    const known = underWay.get(socket);
    if (known !== undefined) return known;
    const waitedFor = new Set<AbortController>();
    underWay.set(socket, waitedFor);
    socket.once('close', () => {
      for (const left of waitedFor) left.abort();
    });
    return waitedFor;
  };
  return async <Result>(socket: WebSocket, left: AbortController, answer: () => Promise<Result>) => {
    const waitedFor = waitedForBy(socket).add(left);
    try {
      return await answer();
    } finally {
      waitedFor.delete(left);
    }
  };
};

/** Browsers cannot choose the headers of a WebSocket: these may come in the payload of `connection_init` instead. */
const FROM_PAYLOAD = ['authorization', ROUTER_HEADER];

/** Undefined where the payload holds what no header can. */
const headersOf = (incoming: IncomingMessage, payload: Readonly<Record<string, unknown>> = {}) => {
  const headers = new Headers();
  try {
    for (const [name, value] of Object.entries(incoming.headers)) {
      if (value !== undefined) headers.set(name, String(value));
    }
    for (const [name, value] of Object.entries(payload)) {
      if (FROM_PAYLOAD.includes(name.toLowerCase()) && typeof value === 'string') headers.set(name, value);
    }
    return headers;
  } catch {
    return undefined;
  }
};
