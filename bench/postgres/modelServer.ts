import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { firstTokenAt, microseconds } from '../runs/clock.ts';

/** Tokens of each completion. */
const TOKENS = 20;

export interface ModelServer {
  /** For MODEL_BASE_URL. */
  readonly url: string;
  /** Completions that were requested so far. */
  readonly calls: () => number;
  close(): void;
}

const event = (fields: object) =>
  `data: ${JSON.stringify({ id: 'chatcmpl-1', object: 'chat.completion.chunk', created: 1, model: 'bench', ...fields })}\n\n`;

const delta = (content: object, finish: string | null = null) =>
  event({ choices: [{ index: 0, delta: content, logprobs: null, finish_reason: finish }] });

const usage = { prompt_tokens: 20, completion_tokens: TOKENS, total_tokens: 20 + TOKENS };
const END = `${delta({}, 'stop')}${event({ choices: [], usage })}data: [DONE]\n\n`;

const models = JSON.stringify({
  object: 'list',
  data: [{ id: 'bench', object: 'model', created: 1, owned_by: 'bench' }],
});

const complete = (response: ServerResponse, completionMs: number) => {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  let sent = 0;
  const timer = setInterval(() => {
    const content = sent === 0 ? firstTokenAt(microseconds()) : ` token${sent}`;
    response.write(delta({ role: 'assistant', content }));
    sent += 1;
    if (sent < TOKENS) return;
    clearInterval(timer);
    response.end(END);
  }, completionMs / TOKENS);
  response.on('close', () => clearInterval(timer));
};

/** Plays a model with the Chat Completions API whose completions take `completionMs` and have one event for each token. */
export const startModelServer = async (completionMs: number): Promise<ModelServer> => {
  let calls = 0;
  const server = createServer((request, response) => {
    request.resume().once('end', () => {
      if (request.method === 'POST') {
        calls += 1;
        complete(response, completionMs);
      } else response.writeHead(200, { 'content-type': 'application/json' }).end(models);
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    calls: () => calls,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
};
