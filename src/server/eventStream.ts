import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ExecutionResult } from 'graphql';
import { createYoga, type Plugin } from 'graphql-yoga';

type Results = AsyncIterable<ExecutionResult>;

/** What graphql-yoga gets from this server in addition to the request. */
interface ServerContext {
  readonly results: () => Results;
}

/**
 * Sends the results of a subscription as server-sent events, by graphql-yoga, in the "distinct connections" mode of the GraphQL over SSE protocol: an
 * event `next` for each result, then `complete`. The request has been read and admitted by then, so that yoga sees neither its
 * body nor its parameters. A client that leaves ends the iteration.
 */
export const sendEvents = (results: () => Results, request: IncomingMessage, response: ServerResponse): unknown => {
  // Yoga would choose another media type for what accepts several.
  request.headers.accept = 'text/event-stream';
  return yoga(request, response, { results: () => writtenTogether(results(), response) });
};

/**
 * The same results, of which those that come in one turn of the event loop are sent by one write at its end: events often come
 * together, and a write costs more than an event.
 */
const writtenTogether = (results: Results, response: ServerResponse): Results => {
  const iterator = results[Symbol.asyncIterator]();
  const next = async () => {
    const result = await iterator.next();
    if (response.writableCorked === 0) {
      response.cork();
      setImmediate(() => {
        if (response.writableCorked > 0) response.uncork(); // Its end does that too.
      });
    }
    return result;
  };
  return {
    [Symbol.asyncIterator]: () => ({
      next,
      return: async () => (await iterator.return?.()) ?? { done: true, value: undefined },
    }),
  };
};

const resultsInPlaceOfExecution: Plugin<object, ServerContext> = {
  onRequestParse: ({ setRequestParser }) => setRequestParser(() => ({ query: '' })),
  onParams: ({ context, setParamsHandler }) => setParamsHandler(() => context.results()),
};

const yoga = createYoga<ServerContext>({
  plugins: [resultsInPlaceOfExecution],
  cors: false,
  maxRequestBodySize: false,
  multipart: false,
  graphiql: false,
  landingPage: false,
  logging: false,
});
