import { expect, test } from 'vitest';
import { resultsOf, subscription, type Transport, transports } from '../live/subscription.ts';
import { frame, run, streamOf } from '../live/eventStream.ts';
import { startFacade } from '../support/facade.ts';
import { refusal, reply, type UpstreamCall } from '../support/upstream.ts';

const KEY = 'sk-caller/1234567890+abcdefgh=';
const base64 = (text: string) => Buffer.from(text).toString('base64');

/** How a credential may come back. */
const forms: Record<string, (key: string) => string> = {
  'as it was sent': (key) => `Bearer ${key}`,
  'without its scheme': (key) => key,
  'in upper case': (key) => key.toUpperCase(),
  'percent-encoded': encodeURIComponent,
  'percent-encoded twice': (key) => encodeURIComponent(encodeURIComponent(key)),
  'form-encoded': (key) => new URLSearchParams({ key: `Bearer ${key}` }).toString(),
  'escaped for HTML': (key) => key.replaceAll('/', '&#x2F;').replaceAll('+', '&#43;').replaceAll('=', '&#61;'),
  'escaped as JSON within text': (key) => key.replaceAll('/', '\\/').replaceAll('+', '\\u002b'),
  'in base64': base64,
  'in base64 with its scheme': (key) => base64(`Bearer ${key}`),
  'in base64 as a password': (key) => base64(`a:${key}`),
  'in base64url among other text': (key) => Buffer.from(`{"k":"${key}"}`).toString('base64url'),
  'in a URL': (key) => `https://user:${encodeURIComponent(key)}@example.org/?k=${key}#`,
};

type Respond = (echo: string) => ReturnType<typeof reply>;

const error = (status: number, members: object) =>
  reply({ status, json: { error: { message: 'No.', type: 'x', code: 'y', param: 'z', ...members } } });

/** The places in a response that may echo it. */
const places: Record<string, Respond> = {
  'x-request-id of a 429': (echo) => reply({ status: 429, headers: { 'x-request-id': echo }, json: {} }),
  'apim-request-id of a 500': (echo) => reply({ status: 500, headers: { 'apim-request-id': echo }, json: {} }),
  'retry-after': (echo) => reply({ status: 503, headers: { 'retry-after': echo, 'retry-after-ms': echo } }),
  'content-type': (echo) => reply({ headers: { 'content-type': `text/html; boundary=${echo}` }, body: '<p>' }),
  location: (echo) => reply({ status: 302, headers: { location: `https://${echo}/?k=${echo}` } }),
  'the message of an error': (echo) => error(401, { message: `Incorrect API key: ${echo}.` }),
  'the code of an error': (echo) => error(400, { code: echo }),
  'the type of an error': (echo) => error(400, { type: echo }),
  'the param of an error': (echo) => error(400, { param: echo }),
  'an error that is text': (echo) => reply({ status: 403, json: { error: echo } }),
  'the detail of an error': (echo) => reply({ status: 422, json: { detail: [{ loc: ['body', echo], msg: echo }] } }),
  'a 404': (echo) => error(404, { message: `No thread ${echo}`, code: echo }),
  'a 404 that is a web page': (echo) => reply({ status: 404, body: `<html>${echo}</html>` }),
  'a 502 that is a web page': (echo) => reply({ status: 502, body: `<html>${echo}</html>` }),
  'a 200 that is a web page': (echo) => reply({ body: `<html>${echo}</html>` }),
  'a 200 with an error in it': (echo) => reply({ json: { error: { message: echo } } }),
  'a 200 of the wrong shape': (echo) => reply({ json: { id: 't1', created_at: echo, metadata: [echo] } }),
  'the data of a 200': (echo) => reply({ json: { id: 't1', metadata: { [echo]: echo } } }),
};

const echoed = (call: UpstreamCall) => call.headers.authorization?.replace('Bearer ', '') ?? 'no credential';

/** Any trace of the key, however it is encoded. */
const expectNoTrace = (output: string) => {
  const tokens = output.match(/[\w+/=-]{12,}/g) ?? [];
  const decoded = tokens.flatMap((token) =>
    [0, 1, 2, 3].map((skip) => Buffer.from(token.slice(skip), 'base64').toString('latin1')),
  );
  for (const text of [output, ...decoded]) {
    expect(text.toLowerCase()).not.toContain('1234567890');
    expect(text.toLowerCase()).not.toContain('abcdefgh');
  }
};

const query = `mutation { modifyThread(input: { threadId: "t1", metadata: {} }) { thread { id createdAt metadata } } }`;

test.each(
  Object.entries(places).flatMap(([place, respond]) =>
    Object.entries(forms).map(([form, of]) => ({ place, form, respond, of })),
  ),
)("the caller's credential in $place, $form, is in no response and no log line", async ({ respond, of }) => {
  const {
    query: send,
    logged,
    upstream,
  } = await startFacade((call: UpstreamCall) => respond(of(echoed(call))), {
    headers: { authorization: 'Bearer sk-server-9876543210' },
  });

  const response = await send(query, {}, { authorization: `Bearer ${KEY}`, 'x-upstream-stats': '1' });

  expect(upstream.calls[0]?.headers.authorization).toBe(`Bearer ${KEY}`);
  expectNoTrace(JSON.stringify(response));
  expectNoTrace(logged.join(''));
});

test.each(transports.flatMap((transport) => Object.keys(forms).map((form) => [transport, form] as const)))(
  "over %s the caller's credential in a stream, %s, is in no event and no log line",
  async (transport: Transport, form) => {
    const of = forms[form] ?? String;
    const { url, logged } = await startFacade((call: UpstreamCall) =>
      streamOf(
        frame('thread.run.queued', run('queued', { instructions: of(echoed(call)) })),
        frame('error', { error: { message: `Key ${of(echoed(call))}`, code: of(echoed(call)) } }),
      ),
    );
    const document = `subscription {
      createRunStream(input: { threadId: "thread_1", assistantId: "asst_1" }) {
        ... on RunStateStreamEvent { run { instructions } }
      }
    }`;

    const results = await resultsOf(
      subscription(transport, url, { query: document }, { authorization: `Bearer ${KEY}` }),
    );

    expect(results).toMatchObject([{ data: {} }, { errors: [{ extensions: { code: 'UPSTREAM_ERROR' } }] }]);
    expectNoTrace(JSON.stringify(results));
    expectNoTrace(logged.join(''));
  },
);

test('the request id around an echoed credential stays readable', async () => {
  const { query: send } = await startFacade(() =>
    reply({ status: 429, headers: { 'x-request-id': `req_7 ${KEY}` }, json: {} }),
  );

  const response = await send('{ thread(threadId: "t1") { createdAt } }', {}, { authorization: `Bearer ${KEY}` });

  expect(response).toMatchObject({ errors: [{ extensions: { upstream: { requestId: 'req_7 [redacted]' } } }] });
});

test('the user name and the password of a caller with Basic credentials are redacted', async () => {
  const { query: send } = await startFacade(() => refusal(401, 'No user alice-the-first with password hush-hush.'));

  const response = await send(
    '{ thread(threadId: "t1") { createdAt } }',
    {},
    {
      authorization: `Basic ${base64('alice-the-first:hush-hush')}`,
    },
  );

  expect(response).toMatchObject({ errors: [{ message: 'No user [redacted] with password [redacted].' }] });
});

test('data of a successful response stays as it is, except for the credential', async () => {
  const metadata = { a: `${KEY.slice(0, -1)} differs`, b: `before ${KEY} after`, c: '/"\\/\u00e9' };
  const encoded = { d: `line\n${base64(KEY)}`, e: `line\u0001${base64(KEY)} after` };
  const { query: send } = await startFacade(() => ({ id: 't1', metadata: { ...metadata, ...encoded } }));

  const response = await send('{ thread(threadId: "t1") { metadata } }', {}, { authorization: `Bearer ${KEY}` });

  const redacted = { b: 'before [redacted] after', d: 'line\n[redacted]', e: 'line\u0001[redacted] after' };
  expect(response).toEqual({ data: { thread: { metadata: { ...metadata, ...redacted } } } });
});

test('a placeholder for a key, such as ollama, changes no data', async () => {
  const { query: send } = await startFacade(() => ({ id: 't1', metadata: { model: 'ollama/llama3' } }));

  const response = await send('{ thread(threadId: "t1") { metadata } }', {}, { authorization: 'Bearer ollama' });

  expect(response).toEqual({ data: { thread: { metadata: { model: 'ollama/llama3' } } } });
});
