import { createClient as createSseClient } from 'graphql-sse';
import { createClient as createSocketClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import type { GraphqlAnswer } from '../support/server.ts';

/** The transports of subscriptions, each with its most common client. */
export const transports = ['server-sent events', 'a WebSocket'] as const;
export type Transport = (typeof transports)[number];

interface Asked {
  query: string;
  variables?: Record<string, unknown>;
}

/** The connection ended before the subscription, or was rejected. */
export class ConnectionLostError extends Error {
  override readonly name = 'ConnectionLostError';
}

/**
 * The results of a subscription until it is complete; `return` unsubscribes at once. Errors come as a result; a lost
 * connection is a ConnectionLostError. Browsers cannot set headers on a WebSocket, so there they go into `connection_init`.
 */
export const subscription = <Data = Record<string, unknown>>(
  transport: Transport,
  url: string,
  { query, variables = {} }: Asked,
  headers: Record<string, string> = {},
): AsyncIterableIterator<GraphqlAnswer<Data>, undefined> & { return(): Promise<{ done: true; value: undefined }> } => {
  const client =
    transport === 'a WebSocket'
      ? createSocketClient({
          url: url.replace('http', 'ws'),
          webSocketImpl: WebSocket,
          connectionParams: headers,
          retryAttempts: 0,
        })
      : createSseClient({ url, headers, retryAttempts: 0 });
  const results = client.iterate({ query, variables });
  return {
    [Symbol.asyncIterator]() {
      return this;
    },
    next: async () => {
      try {
        const { done, value } = await results.next();
        if (done !== true) return { done: false, value: value as GraphqlAnswer<Data> };
      } catch (error) {
        if (!Array.isArray(error)) throw new ConnectionLostError();
        return { done: false, value: { errors: error } };
      }
      await client.dispose();
      return { done: true, value: undefined };
    },
    return: async () => {
      await results.return?.();
      await client.dispose();
      return { done: true, value: undefined };
    },
  };
};

/** All results of a subscription. */
export const resultsOf = async <Data>(results: AsyncIterable<GraphqlAnswer<Data>>) => {
  const all: GraphqlAnswer<Data>[] = [];
  for await (const response of results) all.push(response);
  return all;
};
