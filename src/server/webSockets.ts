import type { Server } from 'node:http';
import type { Duplex } from 'node:stream';
import type { ExecutionArgs, ExecutionResult } from 'graphql';
import { useServer } from 'graphql-ws/use/ws';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Caller } from '../access/admission.ts';
import { RequestError } from '../access/requestError.ts';
import { paramsIn } from '../pipeline/params.ts';
import type { CancellableRequest, Operation, Pipeline } from '../pipeline/pipeline.ts';
import { executionResultOf } from '../pipeline/result.ts';
import { Ending } from '../rest/abandonment.ts';
import { connectionHeaders } from './connectionHeaders.ts';

export interface WebSocketOptions {
  readonly path: string;
  readonly pipeline: Pipeline;
  /** The most that one message may hold. */
  readonly maxBodyBytes: number;
}

/** What graphql-ws keeps of a connection. */
interface Connection extends Record<PropertyKey, unknown> {
  caller?: Caller;
}

/** One operation of a client; graphql-ws passes it on as the root value, which has no other use here. */
interface Request {
  readonly operation: Operation;
  readonly cancellation: CancellableRequest;
  readonly socket: WebSocket;
}

/** How long a client may take to agree to the closing of its connection. */
const CLOSING_MS = 1000;

/** Serves the graph over WebSockets by the protocol `graphql-transport-ws`. Returns what closes them all. */
export const webSocketsFor = (options: WebSocketOptions) => (server: Server) => {
  const { path, pipeline, maxBodyBytes } = options;
  // Not bound to the server, of which it would report every failure to listen as one of its own.
  const sockets = new WebSocketServer({ noServer: true, maxPayload: maxBodyBytes });
  server.on('upgrade', (request, socket, head) => {
    const [pathname] = (request.url ?? '').split('?');
    if (pathname !== path && pathname !== `${path}/`) return refuse(socket);
    return sockets.handleUpgrade(request, socket, head, (opened) => sockets.emit('connection', opened, request));
  });

  const executing = executionsBySocket();
  const serving = useServer<Record<string, unknown> | undefined, Connection>(
    {
      onConnect: ({ extra, connectionParams }) => {
        try {
          const headers = connectionHeaders(extra.request, connectionParams);
          extra.caller = pipeline.admit({ surface: 'graphql', headers });
          return true;
        } catch (error) {
          if (error instanceof RequestError) return false;
          throw error;
        }
      },
      onSubscribe: ({ extra }, _id, payload): ExecutionArgs | RequestError['errors'] => {
        try {
          if (extra.caller === undefined) return [];
          const operation = pipeline.prepare(paramsIn({ ...payload }), extra.caller, { mutations: true });
          return argsFor({ operation, cancellation: new Ending(), socket: extra.socket });
        } catch (error) {
          if (error instanceof RequestError) return error.errors;
          throw error;
        }
      },
      execute: (args) => {
        const { operation, cancellation, socket } = args.rootValue as Request;
        return executing(
          socket,
          cancellation,
          async (): Promise<ExecutionResult> => executionResultOf(await operation.execute(cancellation)),
        );
      },
      subscribe: (args) => {
        const { operation, cancellation } = args.rootValue as Request;
        return operation.subscribe(cancellation);
      },
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

/** All that graphql-ws itself needs of an operation; `execute` and `subscribe` above take the rest from the root value. */
const argsFor = (request: Request): ExecutionArgs => ({
  ...request.operation.args,
  contextValue: undefined,
  rootValue: request,
});

const refuse = (socket: Duplex) => {
  socket.on('error', () => {}); // it may be gone already
  socket.end('HTTP/1.1 404 Not Found\r\nConnection: close\r\nContent-Length: 0\r\n\r\n', () => socket.destroy());
};

/** Cancels queries and mutations when their socket closes; graphql-ws itself ends subscriptions then, and only those. */
const executionsBySocket = () => {
  const executing = new WeakMap<WebSocket, Set<CancellableRequest>>();
  const executionsOf = (socket: WebSocket) => {
    const known = executing.get(socket);
    if (known !== undefined) return known;
    const executions = new Set<CancellableRequest>();
    executing.set(socket, executions);
    socket.once('close', () => {
      for (const cancellation of executions) cancellation.end();
    });
    return executions;
  };
  return async <Result>(socket: WebSocket, cancellation: CancellableRequest, execute: () => Promise<Result>) => {
    const executions = executionsOf(socket).add(cancellation);
    try {
      return await execute();
    } finally {
      executions.delete(cancellation);
    }
  };
};
