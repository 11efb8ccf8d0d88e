import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { firstTokenAt, microseconds } from './clock.ts';
import { MODEL_MS, MODEL_TOKENS } from './settings.ts';

const event = (fields: object) => {
  const chunk = { id: 'chatcmpl-1', object: 'chat.completion.chunk', created: 1, model: 'bench', ...fields };
  return `data: ${JSON.stringify(chunk)}\n\n`;
};

const deltaEvent = (delta: object, finish: string | null = null) =>
  event({ choices: [{ index: 0, delta, logprobs: null, finish_reason: finish }] });

const usage = { prompt_tokens: 20, completion_tokens: MODEL_TOKENS, total_tokens: 20 + MODEL_TOKENS };
const END = `${deltaEvent({}, 'stop')}${event({ choices: [], usage })}data: [DONE]\n\n`;

/**
 * Plays a model with the Chat Completions API: each completion has `MODEL_TOKENS` tokens, one event each, and takes `MODEL_MS`.
 * The tokens are due in equal intervals, however late one of them is.
 */
const complete = (response: ServerResponse) => {
  const started = performance.now();
  let sent = 0;
  const msUntilNext = () => started + (MODEL_MS * (sent + 1)) / MODEL_TOKENS - performance.now();
  const sendDue = () => {
    for (; sent < MODEL_TOKENS && msUntilNext() <= 0; sent += 1) {
      const isFirst = sent === 0;
      response.write(
        deltaEvent(
          isFirst ? { role: 'assistant', content: firstTokenAt(microseconds()) } : { content: ` token${sent}` },
        ),
      );
    }
    if (sent === MODEL_TOKENS) response.end(END);
    else setTimeout(sendDue, Math.max(1, Math.ceil(msUntilNext())));
  };
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  response.flushHeaders();
  setTimeout(sendDue, Math.ceil(msUntilNext()));
};

const models = JSON.stringify({
  object: 'list',
  data: [{ id: 'bench', object: 'model', created: 1, owned_by: 'bench' }],
});

const server = createServer((request, response) => {
  request.resume().once('end', () => {
    if (request.method === 'POST' && request.url === '/v1/chat/completions') complete(response);
    else response.writeHead(200, { 'content-type': 'application/json' }).end(models);
  });
});

server.listen(0, '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo;
  process.stdout.write(`listening on http://127.0.0.1:${port}\n`);
});
process.once('SIGTERM', () => process.exit(0));
