import { createHash, randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { describe, expect, onTestFinished, test } from 'vitest';
import { file } from '../graph/fixtures.ts';
import { startFacade } from '../support/facade.ts';
import { raw, refusal, reply, startUpstream } from '../support/upstream.ts';

const CONTENT = 'GET /files/file-1/content';

const contentOver = async (respond: () => unknown, options = {}, headers: Record<string, string> = {}) => {
  const facade = await startFacade({ 'GET /files/file-1': file, [CONTENT]: respond }, options);
  const { data } = await facade.query<{ file: { contentUrl: string } }>('{ file(fileId: "file-1") { contentUrl } }');
  const calls = facade.upstream.paths();
  facade.upstream.calls.length = 0;
  const response = await fetch(new URL(data?.file.contentUrl ?? '', facade.url), { headers });
  return { response, calls, upstream: facade.upstream };
};

describe('the contentUrl of a file over an external upstream', () => {
  test('costs no REST call of its own, and has the content, passed on as an attachment', async () => {
    const { response, calls, upstream } = await contentOver(() =>
      reply({
        headers: { 'content-type': 'text/html', 'content-disposition': 'attachment; filename="rye.html"' },
        body: '<script>alert(1)</script>',
      }),
    );

    expect(await response.text()).toBe('<script>alert(1)</script>');
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': 'application/octet-stream',
      'content-disposition': 'attachment; filename="rye.html"',
      'x-content-type-options': 'nosniff',
    });
    expect(calls).toEqual(['GET /files/file-1']);
    expect(upstream.paths()).toEqual([CONTENT]);
  });

  test('is an attachment even if the upstream says that it is none', async () => {
    const { response } = await contentOver(() => reply({ headers: { 'content-disposition': 'inline' }, body: 'x' }));

    expect(response.headers.get('content-disposition')).toBe('attachment');
  });

  test('has every byte of a large file', async () => {
    const bytes = randomBytes(20 * 1024 ** 2);
    const { response } = await contentOver(() => raw((outgoing) => void outgoing.writeHead(200).end(bytes)));

    const received = Buffer.from(await response.arrayBuffer());
    expect(createHash('sha256').update(received).digest('hex')).toBe(createHash('sha256').update(bytes).digest('hex'));
  });

  test("goes upstream with the client's credentials, and never with the server's in addition", async () => {
    const options = { headers: { authorization: 'Bearer server' } };
    const sent = async (headers: Record<string, string>) => {
      const { upstream } = await contentOver(() => reply({ body: 'x' }), options, headers);
      return upstream.calls.map((call) => call.headers.authorization);
    };

    expect(await sent({ authorization: 'Bearer mine' })).toEqual(['Bearer mine']);
    expect(await sent({})).toEqual(['Bearer server']);
  });

  test('is refused to a client without a token, before anything goes upstream', async () => {
    const { url, upstream } = await startFacade(
      { [CONTENT]: 'x' },
      { access: 'server', accessTokens: [{ name: 'alice', token: 'token-of-alice-0123456789' }] },
    );

    expect((await fetch(new URL('/v1/files/file-1/content', url))).status).toBe(401);
    expect(upstream.calls).toEqual([]);
  });

  test.each([
    ['a missing file', () => refusal(404, 'No such File object: file-1'), 404, 'No such File object'],
    ['an upstream without files', () => refusal(404, 'Invalid URL (GET /v1/files)'), 404, 'does not support files'],
    ['a failure', () => refusal(500, 'The cellar is flooded.'), 500, 'The cellar is flooded.'],
    ['a redirect', () => reply({ status: 302, headers: { location: 'https://elsewhere.example' } }), 502, 'redirects'],
    ['a closed connection', () => raw((outgoing) => void outgoing.destroy()), 502, '/files/file-1/content'],
  ])('is an error for %s', async (_, respond, status, message) => {
    const { response } = await contentOver(respond, { maxRetries: 0 });

    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject({ error: { message: expect.stringContaining(message) } });
  });

  test('breaks off if the upstream does', async () => {
    const { response } = await contentOver(() =>
      raw(async (outgoing) => {
        outgoing.writeHead(200, { 'content-length': '100' }).write('half');
        await new Promise((resolve) => setTimeout(resolve, 50));
        outgoing.destroy();
      }),
    );

    await expect(response.text()).rejects.toThrow('terminated');
  });

  test('ends the upstream request if the client leaves', async () => {
    let closed = false;
    const { response } = await contentOver(() =>
      raw((outgoing) => {
        outgoing.writeHead(200).write('x'.repeat(1000));
        outgoing.once('close', () => {
          closed = true;
        });
      }),
    );

    await response.body?.cancel();
    await expect.poll(() => closed).toBe(true);
  });

  test('is not read for a client that leaves while its token is checked', async () => {
    const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true });
    const leaving = new AbortController();
    const issuer = await startUpstream({
      'GET /keys': async () => {
        leaving.abort();
        await pause(100); // the server notices it
        return { keys: [{ ...(await exportJWK(publicKey)), alg: 'ES256' }] };
      },
    });
    onTestFinished(() => issuer.close());
    const { url, upstream } = await startFacade(
      { [CONTENT]: () => reply({ body: 'x' }) },
      {
        access: 'server',
        jwksUrl: new URL(`${issuer.url}/keys`),
        jwtIssuer: 'https://id.example',
        jwtAudience: 'graph',
      },
    );
    const token = await new SignJWT({ sub: 'ann', iss: 'https://id.example', aud: 'graph' })
      .setProtectedHeader({ alg: 'ES256' })
      .setExpirationTime('5m')
      .sign(privateKey);
    const content = (signal?: AbortSignal) =>
      fetch(new URL('/v1/files/file-1/content', url), {
        headers: { authorization: `Bearer ${token}` },
        ...(signal && { signal }),
      });

    await expect(content(leaving.signal)).rejects.toThrow('aborted');
    expect(await (await content()).text()).toBe('x');
    expect(upstream.paths()).toEqual([CONTENT]);
  });
});

test.each(['/v1/files', '/v1/files/file-1', '/v1/files/a/b/content', '/v1/files/%ZZ/content'])(
  'nothing else of files is passed on to an external upstream: %s',
  async (path) => {
    const { url, upstream } = await startFacade({});

    expect((await fetch(new URL(path, url))).status).toBe(404);
    expect(upstream.calls).toEqual([]);
  },
);

test('an id cannot leave its place in the path', async () => {
  const { url, upstream } = await startFacade(() => refusal(404, 'No such file.'));

  await fetch(new URL('/v1/files/..%2Fassistants/content', url));
  expect(upstream.paths()).toEqual(['GET /files/..%2Fassistants/content']);
});
