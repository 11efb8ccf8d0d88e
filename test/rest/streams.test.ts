import { EventEmitter, once } from 'node:events';
import { expect, test } from 'vitest';
import { createRestClient } from '../../src/rest/client.ts';
import { transport } from '../support/transport.ts';
import { ApiError } from '../../src/rest/errors/apiError.ts';
import { createRest } from '../../src/rest/rest.ts';
import type { Fetch } from '../../src/rest/fetch.ts';
import { raw, refusal, reply } from '../support/upstream.ts';
import { failureOf } from './failureOf.ts';
import { restOver } from './restOver.ts';

const eventStream = { 'content-type': 'text/event-stream; charset=utf-8' };
const frame = (event: string, data: unknown) => `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
const run = { id: 'r1', thread_id: 't1', status: 'queued' };
const done = 'event: done\ndata: [DONE]\n\n';

const streamed = (body: string) => () => reply({ headers: eventStream, body });
const openStream = (start = '') =>
  raw((response) => {
    response.writeHead(200, eventStream).write(start);
  });

const read = async <T>(events: AsyncIterable<T>) => {
  const all: T[] = [];
  for await (const event of events) all.push(event);
  return all;
};

test('the events of a created run are returned in order until `done`', async () => {
  const { rest, upstream } = await restOver(
    streamed(
      frame('thread.run.created', run) +
        frame('thread.message.delta', {
          id: 'm1',
          delta: { content: [{ index: 0, type: 'text', text: { value: 'Hi' } }] },
        }) +
        frame('thread.run.completed', { ...run, status: 'completed' }) +
        done +
        frame('thread.run.created', run),
    ),
  );

  expect(await read(rest.runs.createStream('t1', { assistant_id: 'a1' }, { include: true }))).toEqual([
    { event: 'thread.run.created', data: run, id: null },
    {
      event: 'thread.message.delta',
      data: { id: 'm1', delta: { content: [{ index: 0, type: 'text', text: { value: 'Hi' } }] } },
      id: null,
    },
    { event: 'thread.run.completed', data: { ...run, status: 'completed' }, id: null },
  ]);
  expect(upstream.calls[0]).toMatchObject({
    method: 'POST',
    path: '/threads/t1/runs',
    query: { 'include[]': 'step_details.tool_calls[*].file_search.results[*].content' },
    body: { assistant_id: 'a1', stream: true },
    headers: { accept: 'text/event-stream, application/json', 'content-type': 'application/json' },
  });
});

test('the other streams are requested as the API specifies', async () => {
  const { rest, upstream } = await restOver(streamed(done));
  const outputs = { tool_outputs: [{ tool_call_id: 'c1', output: '7' }] };

  await read(rest.runs.createWithThreadStream({ assistant_id: 'a1' }));
  await read(rest.runs.submitToolOutputsStream('t1', 'r1', outputs));
  await read(rest.runs.events('t1', 'r1', 12));

  expect(upstream.paths()).toEqual([
    'POST /threads/runs',
    'POST /threads/t1/runs/r1/submit_tool_outputs',
    'GET /threads/t1/runs/r1/events?after=12',
  ]);
  expect(upstream.calls.map(({ body }) => body)).toEqual([
    { assistant_id: 'a1', stream: true },
    { ...outputs, stream: true },
    undefined,
  ]);
});

test('the id of an event is kept', async () => {
  const { rest } = await restOver(streamed(`id: 13\n${frame('thread.run.queued', run)}${done}`));

  expect(await read(rest.runs.events('t1', 'r1'))).toEqual([{ event: 'thread.run.queued', data: run, id: '13' }]);
});

test.each([
  ['a stray brace at the end of a line', `event: thread.run.queued\ndata: ${JSON.stringify(run)}}\n\n`],
  ['a literal ... between events', `...\n\n${frame('thread.run.queued', run)}...\n`],
  ['a literal ... for data', `event: thread.run.created\ndata: ...\n\n${frame('thread.run.queued', run)}`],
  ['an event of a name yet unknown', `event: thread.run.pondering\ndata: hm\n\n${frame('thread.run.queued', run)}`],
  ['an event named like a method', `event: toString\ndata: {}\n\n${frame('thread.run.queued', run)}`],
  ['comments to keep the connection', `: ping\n\n${frame('thread.run.queued', run)}: ping\n\n`],
  ['carriage returns', frame('thread.run.queued', run).replaceAll('\n', '\r\n')],
  [
    'data in two lines',
    `event: thread.run.queued\ndata: {"id": "r1", "thread_id": "t1",\ndata: "status": "queued"}\n\n`,
  ],
  ['no space after the colon', `event:thread.run.queued\ndata:${JSON.stringify(run)}\n\n`],
])('%s does not disturb a stream', async (_kind, body) => {
  const { rest } = await restOver(streamed(body + done));

  expect(await read(rest.runs.createStream('t1', { assistant_id: 'a1' }))).toEqual([
    { event: 'thread.run.queued', data: run, id: null },
  ]);
});

test('a stream can be split anywhere, even within a character', async () => {
  const text = 'žluť 🐎';
  const bytes = Buffer.from(frame('thread.run.queued', { ...run, instructions: text }) + done);
  const { rest } = await restOver(() =>
    raw(async (response) => {
      response.writeHead(200, eventStream);
      for (const byte of bytes) {
        response.write(Buffer.from([byte]));
        await new Promise(setImmediate);
      }
      response.end();
    }),
  );

  const [event] = await read(rest.runs.createStream('t1', { assistant_id: 'a1' }));

  expect(event?.data).toMatchObject({ instructions: text });
});

test('parent ids that a server omits are filled in from earlier events of the stream', async () => {
  const { rest } = await restOver(
    streamed(
      frame('thread.created', { id: 't9' }) +
        frame('thread.run.created', { id: 'r9' }) +
        frame('thread.run.step.created', { id: 's9' }) +
        frame('thread.message.created', { id: 'm9' }) +
        done,
    ),
  );

  const events = await read(rest.runs.createWithThreadStream({ assistant_id: 'a1' }));

  expect(events.map(({ data }) => data)).toEqual([
    { id: 't9' },
    { id: 'r9', thread_id: 't9' },
    { id: 's9', thread_id: 't9', run_id: 'r9' },
    { id: 'm9', thread_id: 't9' },
  ]);
});

test.each([
  ['flat', 'event: error\ndata: {"message": "Too much.", "code": "rate_limit_exceeded", "type": "x"}\n\n', 429],
  ['nested', 'event: error\ndata: {"error": {"message": "Too much.", "code": "server_error", "type": "x"}}\n\n', 500],
  ['without a name', 'data: {"error": {"message": "Too much.", "code": null, "type": "x"}}\n\n', 500],
])('an error event, %s, is an ApiError after the events before it', async (_shape, error, status) => {
  const { rest } = await restOver(streamed(frame('thread.run.queued', run) + error + done));
  const events = rest.runs.createStream('t1', { assistant_id: 'a1' });

  expect((await events.next()).value).toMatchObject({ event: 'thread.run.queued' });
  const failure = await failureOf(events.next());

  expect(failure).toBeInstanceOf(ApiError);
  expect(failure).toMatchObject({ message: 'Too much.', type: 'x', status });
});

test('a key in an error event is redacted', async () => {
  const { rest } = await restOver(streamed('event: error\ndata: {"message": "bad key k-1234567"}\n\n'), {
    headers: { 'api-key': 'k-1234567' },
  });

  expect((await failureOf(read(rest.runs.events('t1', 'r1')))).message).toBe('bad key [redacted]');
});

test.each([
  ['before its first event', ''],
  ['between events', frame('thread.run.queued', run)],
  ['within an event', 'event: done\ndata: [DO'],
])('a stream that ends %s is a StreamEndedError', async (_when, body) => {
  const { rest } = await restOver(streamed(body));

  expect(await failureOf(read(rest.runs.events('t1', 'r1')))).toMatchObject({
    name: 'StreamEndedError',
    message: "GET /threads/t1/runs/r1/events: the upstream's stream of events ended before it was done",
  });
});

test('a stream whose connection is lost is a StreamEndedError', async () => {
  const { rest } = await restOver(() =>
    raw((response) => {
      response.writeHead(200, eventStream).write(frame('thread.run.queued', run), () => response.destroy());
    }),
  );

  expect((await failureOf(read(rest.runs.events('t1', 'r1')))).name).toBe('StreamEndedError');
});

test.each([
  ['an error', refusal(404, 'No run.'), { name: 'ApiError', status: 404, message: 'No run.' }],
  [
    'an object',
    reply({ json: run }),
    { message: expect.stringContaining('is not a stream of events, but one was requested') },
  ],
  ['a web page', reply({ body: '<html>' }), { message: expect.stringContaining('is a web page') }],
  [
    'an error with the content type of a stream',
    reply({ status: 400, headers: eventStream, body: '{"error": {"message": "No."}}' }),
    { name: 'ApiError', status: 400, message: 'No.' },
  ],
])('%s in place of a stream is the same error as for other calls', async (_kind, response, expected) => {
  const { rest } = await restOver(() => response);

  expect(await failureOf(read(rest.runs.events('t1', 'r1')))).toMatchObject(expected);
});

test.each([
  ['is not JSON', 'event: thread.run.queued\ndata: {"id"\n\n', 'holds an event whose data is not JSON'],
  ['has no id', frame('thread.run.queued', {}), 'without a string `id`'],
  ['has no end', `data: ${'x'.repeat(17 * 1024 * 1024)}`, 'holds an event larger than can be read'],
])('a known event whose data %s is an InvalidResponseError', async (_kind, body, problem) => {
  const { rest } = await restOver(streamed(body));

  const failure = await failureOf(read(rest.runs.events('t1', 'r1')));

  expect(failure.name).toBe('InvalidResponseError');
  expect(failure.message).toContain(problem);
});

test('a stream sends nothing before its first event is requested', async () => {
  const { rest, upstream } = await restOver(streamed(done));

  const events = rest.runs.createStream('t1', { assistant_id: 'a1' });
  await events.return();

  expect(await events.next()).toEqual({ done: true, value: undefined });
  expect(upstream.calls).toEqual([]);
});

test('a stream whose response does not begin is a TimeoutError', async () => {
  const { rest } = await restOver(() => raw(() => {}), { timeoutMs: 50 });

  expect(await failureOf(read(rest.runs.events('t1', 'r1')))).toMatchObject({ name: 'TimeoutError', timeoutMs: 50 });
});

test('a stream may last longer than the timeout of a call', async () => {
  const { rest } = await restOver(
    () =>
      raw(async (response) => {
        response.writeHead(200, eventStream);
        for (let count = 0; count < 20; count += 1) {
          response.write(': ping\n\n');
          await new Promise((resolve) => setTimeout(resolve, 40));
        }
        response.end(done);
      }),
    { timeoutMs: 500, idleTimeoutMs: 5_000 },
  );

  expect(await read(rest.runs.events('t1', 'r1'))).toEqual([]);
});

test('a stream that is silent for too long is a TimeoutError, and its connection is closed', async () => {
  const closed: Promise<unknown>[] = [];
  const { rest } = await restOver(
    () =>
      raw((response) => {
        closed.push(once(response, 'close'));
        response.writeHead(200, eventStream).write(frame('thread.run.queued', run));
      }),
    { idleTimeoutMs: 50 },
  );
  const events = rest.runs.events('t1', 'r1');

  await events.next();
  expect(await failureOf(events.next())).toMatchObject({ name: 'TimeoutError', timeoutMs: 50 });
  expect(closed).toHaveLength(1);
  await Promise.all(closed);
});

test('return ends the request at once while an event is awaited', async () => {
  const closed: Promise<unknown>[] = [];
  const { rest } = await restOver(() =>
    raw((response) => {
      closed.push(once(response, 'close'));
      response.writeHead(200, eventStream).write(frame('thread.run.queued', run));
    }),
  );
  const events = rest.runs.events('t1', 'r1');
  await events.next();

  const waiting = events.next();
  await events.return();

  expect(await waiting).toEqual({ done: true, value: undefined });
  expect(closed).toHaveLength(1);
  await Promise.all(closed);
});

test('return ends the request before the response has begun', async () => {
  const arrival = new EventEmitter();
  const closed: Promise<unknown>[] = [];
  const { rest } = await restOver(() =>
    raw((response) => {
      closed.push(once(response, 'close'));
      arrival.emit('came');
    }),
  );
  const events = rest.runs.events('t1', 'r1');

  const waiting = events.next();
  await once(arrival, 'came');
  await events.return();

  expect(await waiting).toEqual({ done: true, value: undefined });
  await Promise.all(closed);
});

test("the caller's abort ends a stream", async () => {
  const caller = new AbortController();
  const { rest } = await restOver(() => openStream(frame('thread.run.queued', run)), { signal: caller.signal });
  const events = rest.runs.events('t1', 'r1');
  await events.next();

  const waiting = failureOf(events.next());
  caller.abort();

  expect((await waiting).name).toBe('AbortedError');
});

test("the caller's abort before the first read of a stream ends it", async () => {
  const caller = new AbortController();
  const send = transport({ maxSockets: 1 });
  const abortedBeforeReading: Fetch = async (url, init) => {
    const response = await send(url, init);
    caller.abort();
    return response;
  };
  const { rest } = await restOver(() => openStream(), { fetch: abortedBeforeReading, signal: caller.signal });

  expect((await failureOf(read(rest.runs.events('t1', 'r1')))).name).toBe('AbortedError');
});

test('a reader that stops reading pauses the upstream', async () => {
  const filler = `: ${'x'.repeat(64 * 1024)}\n\n`;
  let written = 0;
  const stall = new EventEmitter();
  const { rest } = await restOver(() =>
    raw(async (response) => {
      response.writeHead(200, eventStream).write(frame('thread.run.queued', run));
      for (; written < 2_000 && !response.destroyed; written += 1) {
        if (response.write(filler)) continue;
        const drained = await Promise.race([
          once(response, 'drain').then(() => true),
          new Promise((resolve) => setTimeout(resolve, 500)),
        ]);
        if (drained !== true) break;
      }
      stall.emit('came');
    }),
  );
  const events = rest.runs.events('t1', 'r1');

  await Promise.all([events.next(), once(stall, 'came')]);

  expect(written).toBeLessThan(1_000); // of 2,000 pieces, 64 KiB each
  await events.return();
});

test('streams use no connection of other calls', async () => {
  const { rest } = await restOver(
    {
      'GET /threads/t1/runs/r1/events': () => openStream(frame('thread.run.queued', run)),
      'GET /threads/t1': { id: 't1' },
    },
    { maxSockets: 1 },
  );
  const streams = [1, 2, 3].map(() => rest.runs.events('t1', 'r1'));
  await Promise.all(streams.map((events) => events.next()));

  expect(await rest.threads.retrieve('t1')).toEqual({ id: 't1' });
  await Promise.all(streams.map((events) => events.return()));
});

test('a web stream can be read, and is cancelled when the reader returns', async () => {
  let cancelled = false;
  const body = new ReadableStream<Uint8Array>({
    start: (controller) => controller.enqueue(new TextEncoder().encode(frame('thread.run.queued', run))),
    cancel: () => {
      cancelled = true;
    },
  });
  const client = createRestClient({
    baseUrl: 'http://engine.local/v1',
    fetch: () => Promise.resolve(new Response(body, { headers: eventStream })),
    timeoutMs: 1_000,
  });
  const events = createRest(client).runs.events('t1', 'r1');
  expect((await events.next()).value).toMatchObject({ data: run });

  const waiting = events.next();
  await events.return();

  expect(await waiting).toEqual({ done: true, value: undefined });
  expect(cancelled).toBe(true);
});
