import { createClient as createSseClient } from 'graphql-sse';
import { createClient as createSocketClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import type { GraphqlAnswer } from '../support/server.ts';

/** The ways to subscribe, each by the client that most people use for it. */
export const transports = ['server-sent events', 'a WebSocket'] as const;
export type Transport = (typeof transports)[number];

interface Asked {
  query: string;
  variables?: Record<string, unknown>;
}

/** The connection ended before the subscription did, or was refused. */
export class ConnectionLostError extends Error {
  override readonly name = 'ConnectionLostError';
}

/**
 * What a subscription gives, until it is complete; whoever returns unsubscribes, at once. Its errors come as an answer, a
 * connection that is lost is a ConnectionLostError. Browsers cannot choose the headers of a WebSocket, so there they go into
 * `connection_init`.
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
  const answers = client.iterate({ query, variables });
  return {
    [Symbol.asyncIterator]() {
      return this;
    },
    next: async () => {
      try {
        const { done, value } = await answers.next();
        if (done !== true) return { done: false, value: value as GraphqlAnswer<Data> };
      } catch (error) {
        if (!Array.isArray(error)) throw new ConnectionLostError();
        return { done: false, value: { errors: error } };
      }
      await client.dispose();
      return { done: true, value: undefined };
    },
    return: async () => {
      await answers.return?.();
      await client.dispose();
      return { done: true, value: undefined };
    },
  };
};

/** All that a subscription gives. */
export const answersOf = async <Data>(answers: AsyncIterable<GraphqlAnswer<Data>>) => {
  const all: GraphqlAnswer<Data>[] = [];
  for await (const answer of answers) all.push(answer);
  return all;
};
