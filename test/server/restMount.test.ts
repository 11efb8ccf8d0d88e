import { request as sendRequest } from 'node:http';
import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, expect, test } from 'vitest';
import type { EngineRequest, EngineResponse } from '../../src/engine/engineRequest.ts';
import { createApp } from '../../src/server/app.ts';
import { type Serving, serve } from '../../src/server/serve.ts';
import { createLog } from '../../src/observability/log.ts';
import { appOptionsFor } from '../support/facade.ts';

test('each server-sent event reaches the client when it happens, not when the stream ends', async () => {
  const events = handFed();
  const { url } = await mount(async () => events.response);

  const answer = await fetch(`${url}/v1/threads/t/runs`);
  const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader();

  for (const event of ['event: one\n\n', 'event: two\n\n']) {
    events.say(event); // the stream stays open, so that what was held back would never come
    expect((await reader?.read())?.value).toBe(event);
  }
  await reader?.cancel();
});

test('a client that leaves cancels the stream, though no event is on its way', async () => {
  const events = handFed();
  const { url } = await mount(async () => events.response);

  const leaving = new AbortController();
  const answer = await fetch(`${url}/v1/x`, { signal: leaving.signal });
  expect(answer.status).toBe(200);
  leaving.abort();

  await events.cancelled;
});

test('a client that leaves before the first byte of a stream cancels it as well', async () => {
  const events = handFed();
  const asked = withResolvers();
  const left = withResolvers();
  const { url } = await mount(async () => {
    asked.resolve(undefined);
    await left.promise;
    return events.response;
  });

  const leaving = new AbortController();
  const answer = fetch(`${url}/v1/x`, { signal: leaving.signal });
  await asked.promise;
  leaving.abort();

  await expect(answer).rejects.toThrow('aborted');
  await delay(100); // until the server has noticed it
  left.resolve(undefined);
  await events.cancelled;
});

test('a stream that breaks off ends the connection, so that the client knows it is not whole', async () => {
  const events = handFed();
  const { url, logged } = await mount(async () => events.response);

  const answer = await fetch(`${url}/v1/x`);
  events.say('half');
  events.fail(new Error('the store is gone'));

  await expect(answer.text()).rejects.toThrow('terminated');
  expect(logged()).toContain('the store is gone');
});

test('method, path, query, headers and body arrive as they were sent, and so does the answer', async () => {
  const { url } = await mount(async (request) =>
    Response.json(
      {
        method: request.method,
        path: request.url.replace(/^http:\/\/[^/]+/, ''),
        beta: request.headers.get('openai-beta'),
        body: await bodyOf(request),
      },
      {
        status: 201,
        headers: [
          ['x-request-id', 'req_1'],
          ['set-cookie', 'a=1'],
          ['set-cookie', 'b=2'],
        ],
      },
    ),
  );

  const answer = await fetch(`${url}/v1/threads/a%2Fb/messages?limit=2&include[]=x`, {
    method: 'POST',
    headers: { 'openai-beta': 'assistants=v2' },
    body: '{"content":"é"}',
  });

  expect(answer.status).toBe(201);
  expect(answer.headers.get('x-request-id')).toBe('req_1');
  expect(answer.headers.getSetCookie()).toEqual(['a=1', 'b=2']);
  expect(await answer.json()).toEqual({
    method: 'POST',
    path: '/v1/threads/a%2Fb/messages?limit=2&include[]=x',
    beta: 'assistants=v2',
    body: '{"content":"é"}',
  });
});

test('a body over the limit is refused with 413, whether it announces its length or not', async () => {
  const { url } = await mount(async () => Response.json({}), 2048);
  const tooLong = 'x'.repeat(2049);
  const headers = { 'content-type': 'application/json' };

  for (const path of ['/v1/threads', '/graphql']) {
    const announced = await fetch(`${url}${path}`, { method: 'POST', headers, body: tooLong });
    expect(announced.status).toBe(413);
    const said = JSON.stringify(await announced.json());
    expect(said).toContain('longer than the 2048 bytes that MAX_BODY_BYTES allows');

    expect(await postInPieces(`${url}${path}`, ['x'.repeat(1025), 'x'.repeat(1024), 'x'.repeat(900_000)])).toBe(413);
  }
});

test('a body of exactly the limit is served, whether it announces its length or not', async () => {
  const { url } = await mount(async (request) => Response.json({ length: (await bodyOf(request)).length }), 2048);

  const announced = await fetch(`${url}/v1/threads`, { method: 'POST', body: 'x'.repeat(2048) });
  expect(await announced.json()).toEqual({ length: 2048 });
  expect(await postInPieces(`${url}/v1/threads`, ['x'.repeat(1024), 'x'.repeat(1024)])).toBe(200);
  const query = '{"query":"{ __typename }"}';
  expect(await postInPieces(`${url}/graphql`, [query, ' '.repeat(2048 - query.length)])).toBe(200);
});

test('a client that leaves in the middle of its body disturbs nobody', async () => {
  const { url, logged } = await mount(async () => Response.json({}));
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  await new Promise<void>((sent) => {
    socket.write('POST /v1/threads HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\nhalf of', () => sent());
  });
  socket.destroy();

  expect((await fetch(`${url}/v1/threads`)).status).toBe(200);
  expect(logged()).not.toContain('"level":"error"');
});

test('what goes wrong in the server is a masked 500 with an id that the log knows', async () => {
  const { url, logged } = await mount(async () => {
    throw new Error('a detail nobody should see');
  });

  const answer = await fetch(`${url}/v1/threads`);
  const said = await answer.text();

  expect(answer.status).toBe(500);
  expect(said).not.toContain('detail');
  const [id = 'no id'] = said.match(/[0-9a-f]{8}-[0-9a-f-]{27}/) ?? [];
  expect(logged()).toContain(id);
  expect(logged()).toContain('a detail nobody should see');
});

const eventStream = { 'content-type': 'text/event-stream' };

let serving: Serving | undefined;

afterEach(async () => {
  await serving?.stop(0);
});

/** A server with `engine` in place of the embedded engine. */
const mount = async (engine: (request: EngineRequest) => Promise<EngineResponse>, maxBodyBytes = 1_000_000) => {
  const lines: string[] = [];
  const log = createLog({ level: 'debug', write: (line) => lines.push(line) });
  const { config, upstream } = appOptionsFor('http://engine.local/v1', { maxBodyBytes });
  const { listener } = createApp({ config, upstream: { ...upstream, handler: engine }, log });
  serving = await serve({ port: 0, host: '127.0.0.1', listener, stalledClientMs: 30_000 });
  return { url: serving.url, logged: () => lines.join('') };
};

const bodyOf = ({ body }: EngineRequest) => new Response(body).text();

/** A stream of events that the test writes to. */
const handFed = () => {
  const cancelled = withResolvers();
  let controller: ReadableStreamDefaultController<string> | undefined;
  const queue = new ReadableStream<string>({
    start: (own) => {
      controller = own;
    },
  });
  const reader = queue.getReader();
  const events = {
    next: async () => (await reader.read()).value,
    close: () => {
      reader.cancel().catch(() => undefined);
      cancelled.resolve(undefined);
    },
  };
  return {
    response: { status: 200, headers: eventStream, events },
    cancelled: cancelled.promise,
    say: (text: string) => controller?.enqueue(text),
    fail: (error: Error) => controller?.error(error),
  };
};

/** Promise.withResolvers, which Node 20 has not. */
const withResolvers = () => {
  let settle: ((value: unknown) => void) | undefined;
  const promise = new Promise<unknown>((resolve) => {
    settle = resolve;
  });
  return { promise, resolve: (value: unknown) => settle?.(value) };
};

/** POSTs a chunked body and returns the status of the response. */
const postInPieces = (url: string, pieces: string[]) =>
  new Promise<number | undefined>((resolve, reject) => {
    const request = sendRequest(url, { method: 'POST', headers: { 'content-type': 'application/json' } }, (answer) => {
      answer.resume().once('end', () => resolve(answer.statusCode));
    });
    request.once('error', reject);
    for (const piece of pieces) request.write(piece);
    request.end();
  });
