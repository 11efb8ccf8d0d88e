import type { IncomingMessage, Server } from 'node:http';
import type { ExecutionArgs, GraphQLError } from 'graphql';
import type { YogaServerInstance } from 'graphql-yoga';
import { useServer } from 'graphql-ws/use/ws';
import { WebSocketServer } from 'ws';
import type { Context } from '../context.ts';
import { ROUTER_HEADER } from '../routerSecret.ts';

export interface WebSocketOptions {
  readonly path: string;
  readonly graphql: YogaServerInstance<object, Context>;
  /** Whether a connection with these headers may be made. */
  readonly admits: (headers: Headers) => boolean;
  /** What a client is told of an error. */
  readonly publicError: (error: unknown) => GraphQLError;
  /** The most that one message may hold. */
  readonly maxBodyBytes: number;
}

/** What envelop gives for one operation; it goes to graphql-ws as the root value, which has no other use here. */
type Enveloped = ReturnType<WebSocketOptions['graphql']['getEnveloped']>;

/**
 * Serves the graph over WebSockets by the protocol `graphql-transport-ws`. Gives what closes them all.
 */
export const webSocketsFor = (options: WebSocketOptions) => (server: Server) => {
  const { path, graphql, admits, publicError, maxBodyBytes } = options;
  // Not bound to the server, of which it would report every failure to listen as one of its own.
  const sockets = new WebSocketServer({ noServer: true, maxPayload: maxBodyBytes });
  server.on('upgrade', (request, socket, head) => {
    const [pathname] = (request.url ?? '').split('?');
    if (pathname !== path) {
      socket.end('HTTP/1.1 404 Not Found\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
      return;
    }
    sockets.handleUpgrade(request, socket, head, (opened) => sockets.emit('connection', opened, request));
  });

  const serving = useServer(
    {
      execute: (args) => (args.rootValue as Enveloped).execute(args),
      subscribe: (args) => (args.rootValue as Enveloped).subscribe(args),
      onConnect: ({ extra, connectionParams }) => admits(headersOf(extra.request, connectionParams)),
      onSubscribe: async ({ extra, connectionParams }, _id, { query, operationName, variables }) => {
        const left = new AbortController();
        extra.socket.once('close', () => left.abort());
        const headers = headersOf(extra.request, connectionParams);
        const request = new Request(`http://localhost${path}`, { headers, signal: left.signal });
        const enveloped = graphql.getEnveloped({ request });
        try {
          const document = enveloped.parse(query);
          const errors = enveloped.validate(enveloped.schema, document);
          if (errors.length > 0) return errors.map(publicError);
          return {
            schema: enveloped.schema,
            document,
            operationName,
            variableValues: variables,
            contextValue: await enveloped.contextFactory(),
            rootValue: enveloped,
          } as ExecutionArgs;
        } catch (error) {
          return [publicError(error)];
        }
      },
    },
    sockets,
  );
  return async () => {
    await serving.dispose();
  };
};

/** Browsers cannot choose the headers of a WebSocket: these may come in the payload of `connection_init` instead. */
const FROM_PAYLOAD = ['authorization', ROUTER_HEADER];

const headersOf = (incoming: IncomingMessage, payload: Readonly<Record<string, unknown>> = {}) => {
  const headers = new Headers();
  for (const [name, value] of Object.entries(incoming.headers)) {
    if (value !== undefined) headers.set(name, String(value));
  }
  for (const [name, value] of Object.entries(payload)) {
    if (FROM_PAYLOAD.includes(name.toLowerCase()) && typeof value === 'string') headers.set(name, value);
  }
  return headers;
};
