import type { ServerResponse } from 'node:http';
import type { ExecutionResult } from 'graphql';
import { onClientLeft } from './clientLeft.ts';
import { writable } from './writable.ts';

type Results = AsyncIterableIterator<ExecutionResult> | ExecutionResult;

const HEADERS = {
  'content-type': 'text/event-stream',
  'cache-control': 'no-cache',
  // Proxies must not compress what has to be sent at once.
  'content-encoding': 'none',
};

/** A comment, which readers ignore. */
const COMMENT = ':\n\n';

/** How often a comment is sent: many proxies close a connection that is idle for a minute. */
const COMMENT_MS = 12_000;

/** Characters that may wait for the end of the turn. */
const MAX_WAITING = 64 * 1024;

/**
 * Sends results as server-sent events, in the "distinct connections" mode of the GraphQL over SSE protocol
 * (https://github.com/graphql/graphql-over-http/blob/main/rfcs/GraphQLOverSSE.md): an event `next` for each result, then
 * `complete`. Results are read only as fast as the client reads them. A client that leaves ends the iteration. Rejects as the
 * iteration does.
 */
export const sendEvents = async (results: Results, response: ServerResponse): Promise<void> => {
  const iterator = Symbol.asyncIterator in results ? results : undefined;
  if (response.destroyed) {
    await iterator?.return?.();
    return;
  }
  response.writeHead(200, HEADERS);
  const { write, flush } = turnWriter(response);
  write(COMMENT);
  const comments = setInterval(() => {
    if (!response.writableNeedDrain) write(COMMENT);
  }, COMMENT_MS);
  response.once('close', () => clearInterval(comments));
  const send = (result: ExecutionResult) => write(`event: next\ndata: ${JSON.stringify(result)}\n\n`);
  if (Symbol.asyncIterator in results) {
    onClientLeft(response, () => void results.return?.());
    for await (const result of results) {
      send(result);
      if (response.writableNeedDrain) await writable(response);
    }
  } else send(results);
  write('event: complete\ndata:\n\n');
  flush();
  response.end();
};

/** Writes what comes in one turn of the event loop at once: events often come together, and a write costs more than an event. */
const turnWriter = (response: ServerResponse) => {
  let waiting = '';
  const flush = () => {
    if (waiting !== '' && !response.destroyed) response.write(waiting);
    waiting = '';
  };
  const write = (text: string) => {
    if (waiting === '') process.nextTick(flush);
    waiting += text;
    if (waiting.length > MAX_WAITING) flush();
  };
  return { write, flush };
};
