import type { IncomingMessage } from 'node:http';
import type { ExecutionArgs, ExecutionResult } from 'graphql';
import { makeServer } from 'graphql-ws';
import type { WebSocket } from 'ws';
import type { Caller } from '../access/admission.ts';
import { atExpiry } from '../access/expiry.ts';
import { RequestError, requestError } from '../access/requestError.ts';
import { paramsIn } from '../pipeline/params.ts';
import type { CancellableRequest, Operation, Pipeline } from '../pipeline/pipeline.ts';
import { isSerialized, serializedResult } from '../pipeline/result.ts';
import { ManualCancellation } from '../rest/cancellation.ts';
import { connectionHeaders } from './connectionHeaders.ts';
import type { JsonInsertions } from './jsonInsertions.ts';

export interface ProtocolOptions {
  readonly pipeline: Pipeline;
  /** How many operations one connection may have under way. */
  readonly maxOperations: number;
}

/** What is known of a connection. */
export interface SocketConnection extends Record<PropertyKey, unknown> {
  readonly socket: WebSocket;
  readonly request: IncomingMessage;
  /** Queries and mutations under way; graphql-ws itself ends subscriptions when a connection closes, and only those. */
  readonly executions: Set<CancellableRequest>;
  /** Results that are JSON already, on their way through graphql-ws. */
  readonly insertions: JsonInsertions;
  /** How many operations were started so far. */
  operations: number;
  caller?: Caller;
}

/** One operation of a client; graphql-ws passes it on as the root value, which has no other use here. */
interface Started {
  readonly operation: Operation;
  readonly cancellation: CancellableRequest;
  readonly executions: SocketConnection['executions'];
}

/** How long a client may take to send `connection_init`, in milliseconds. */
const INIT_TIMEOUT_MS = 3000;

/** The protocol `graphql-transport-ws`, by graphql-ws, for operations that go through the pipeline. */
export const webSocketProtocol = ({ pipeline, maxOperations }: ProtocolOptions) =>
  makeServer<Record<string, unknown> | undefined, SocketConnection>({
    connectionInitWaitTimeout: INIT_TIMEOUT_MS,
    onConnect: async ({ extra, connectionParams }) => {
      try {
        const headers = connectionHeaders(extra.request, connectionParams);
        extra.caller = await pipeline.admit({ surface: 'graphql', headers });
        closeOnExpiry(extra.socket, extra.caller);
        return true;
      } catch (error) {
        if (error instanceof RequestError) return false;
        throw error;
      }
    },
    onSubscribe: async ({ extra, subscriptions }, _id, payload): Promise<ExecutionArgs | RequestError['errors']> => {
      try {
        if (Object.keys(subscriptions).length > maxOperations) throw tooManyOperations(maxOperations);
        if (extra.caller === undefined)
          throw requestError(401, 'UNAUTHENTICATED', 'The connection was not initialised.');
        extra.operations += 1;
        const caller = { ...extra.caller, requestId: `${extra.caller.requestId}.${extra.operations}` };
        const params = paramsIn({ ...payload });
        const fetching = pipeline.fetchDocument(params);
        if (fetching !== undefined) await fetching;
        const operation = pipeline.prepare(params, caller, { mutations: true });
        return argsFor({ operation, cancellation: new ManualCancellation(), executions: extra.executions });
      } catch (error) {
        if (error instanceof RequestError) return error.errors;
        throw error;
      }
    },
    execute: async (args): Promise<ExecutionResult> => {
      const { operation, cancellation, executions } = args.rootValue as Started;
      executions.add(cancellation);
      const result = await operation.execute(cancellation);
      executions.delete(cancellation);
      return serializedResult(result);
    },
    onNext: ({ extra }, _id, _payload, _args, result) =>
      isSerialized(result) ? extra.insertions.placeholderFor(result.json) : undefined,
    subscribe: (args) => {
      const { operation, cancellation } = args.rootValue as Started;
      return operation.subscribe(cancellation);
    },
  });

/** Closes a connection when its caller's token expires: more operations could be sent on it, by someone who may not any more. */
const closeOnExpiry = (socket: WebSocket, caller: Caller) => {
  socket.once(
    'close',
    atExpiry(caller, () => socket.close(4403, 'The token has expired')),
  );
};

/** All that graphql-ws itself needs of an operation; `execute` and `subscribe` above take the rest from the root value. */
const argsFor = (started: Started): ExecutionArgs => ({
  ...started.operation.args,
  contextValue: undefined,
  rootValue: started,
});

const tooManyOperations = (max: number) =>
  requestError(
    503,
    'OVERLOADED',
    `This connection has ${max} operations under way, and may have no more (MAX_SOCKET_OPERATIONS). Wait for one to end.`,
  );
