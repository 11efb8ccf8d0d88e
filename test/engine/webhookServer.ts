import { createHmac, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { onTestFinished } from 'vitest';

const key = Buffer.from('the key of the webhooks in the tests');
export const webhookSecret = `whsec_${key.toString('base64')}`;

/** A request with a valid signature. */
export interface WebhookCall {
  id: string;
  path: string;
  body: Record<string, unknown>;
}

const isSigned = (id: string, timestamp: string, body: string, signature: string): boolean => {
  const expected = `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')}`;
  const isRecent = Math.abs(Date.now() / 1000 - Number(timestamp)) < 300;
  return (
    isRecent && expected.length === signature.length && timingSafeEqual(Buffer.from(expected), Buffer.from(signature))
  );
};

const headerOf = ({ headers }: IncomingMessage, name: string) => String(headers[name]);

/** A server of webhooks that rejects what is not signed with `webhookSecret`. `respond` gets the number of the call, from 1. */
export const startWebhooks = async (respond: (response: ServerResponse, call: WebhookCall, count: number) => void) => {
  const calls: WebhookCall[] = [];
  let closed = 0;
  const handle = async (request: IncomingMessage, response: ServerResponse) => {
    response.on('close', () => {
      if (!response.writableEnded) closed += 1;
    });
    const body = await text(request);
    const id = headerOf(request, 'webhook-id');
    const [timestamp, signature] = [headerOf(request, 'webhook-timestamp'), headerOf(request, 'webhook-signature')];
    if (request.method !== 'POST' || !isSigned(id, timestamp, body, signature)) {
      response.writeHead(401).end('not signed');
      return;
    }
    const call = { id, path: request.url ?? '', body: JSON.parse(body) as Record<string, unknown> };
    respond(response, call, calls.push(call));
  };
  const server = createServer((request, response) => void handle(request, response));
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    calls,
    /** How many calls the engine ended before they had a response. */
    aborted: () => closed,
  };
};
