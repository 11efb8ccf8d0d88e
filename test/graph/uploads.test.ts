import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { startFacade } from '../support/facade.ts';
import { refusal, reply } from '../support/upstream.ts';
import { file } from './fixtures.ts';
import { createFile, formOf, partsIn, upload } from './uploading.ts';

describe('createFile', () => {
  test('sends the content, the name and the purpose of a file upstream as a form, with one REST call', async () => {
    const { url, upstream } = await startFacade({ 'POST /files': file });

    const result = await upload(url, {
      query: createFile('fileId filename bytes'),
      files: { 'Brötchen "rye".md': 'Rye is dark.\r\n--form\r\n' },
    });
    expect(result).toEqual({
      data: { createFile: { file: { fileId: 'file-1', filename: 'rye.md', bytes: 5_000_000_000 } } },
    });
    expect(upstream.paths()).toEqual(['POST /files']);
    const [call] = upstream.calls;
    expect(partsIn(call)).toEqual([
      { name: 'purpose', filename: undefined, content: 'assistants' },
      { name: 'file', filename: 'Brötchen %22rye%22.md', content: 'Rye is dark.\r\n--form\r\n' },
    ]);
    expect(call?.headers['content-length']).toBe(String(Buffer.byteLength(String(call?.body))));
  });

  test('sends expiresAfter and the idempotency key, and returns clientMutationId and the edge of the file', async () => {
    const { url, upstream } = await startFacade({ 'POST /files': file, 'GET /files': { data: [file] } });

    const input =
      'purpose: USER_DATA, expiresAfter: { anchor: CREATED_AT, seconds: 3600 }, idempotencyKey: "k-1", clientMutationId: "mine"';
    const query = `mutation ($file: Upload!) {
      createFile(input: { file: $file, ${input} }) { clientMutationId fileEdge { cursor node { fileId } } }
    }`;
    expect(await upload(url, { query, files: { 'a.txt': 'a' } })).toEqual({
      data: {
        createFile: { clientMutationId: 'mine', fileEdge: { cursor: expect.any(String), node: { fileId: 'file-1' } } },
      },
    });
    expect(upstream.calls[0]?.headers['idempotency-key']).toBe('k-1');
    expect(partsIn(upstream.calls[0]).slice(0, 3)).toMatchObject([
      { name: 'purpose', content: 'user_data' },
      { name: 'expires_after[anchor]', content: 'created_at' },
      { name: 'expires_after[seconds]', content: '3600' },
    ]);
  });

  test('with an idempotency key is sent again as a whole after the upstream failed', async () => {
    let attempts = 0;
    const { url, upstream } = await startFacade({
      'POST /files': () => (attempts++ === 0 ? reply({ status: 503 }) : file),
    });

    const query = `mutation ($file: Upload!) {
      createFile(input: { file: $file, purpose: ASSISTANTS, idempotencyKey: "k-2" }) { file { fileId } }
    }`;
    const content = 'dough '.repeat(100_000);
    expect(await upload(url, { query, files: { 'a.txt': content } })).toMatchObject({ data: { createFile: {} } });
    expect(upstream.calls.map((call) => partsIn(call).at(-1)?.content === content)).toEqual([true, true]);
  });

  test('uploads several files in one request, each by a mutation of its own', async () => {
    const { url, upstream } = await startFacade({ 'POST /files': file });

    const both = `mutation ($one: Upload!, $two: Upload!) {
      one: createFile(input: { file: $one, purpose: VISION }) { file { fileId } }
      two: createFile(input: { file: $two, purpose: VISION }) { file { fileId } }
    }`;
    const form = formOf(
      { query: both, variables: { one: null, two: null } },
      { 0: ['variables.one'], 1: ['variables.two'] },
      { 0: ['1.png', 'one'], 1: ['2.png', 'two'] },
    );
    expect(await upload(url, form)).toMatchObject({ data: { one: {}, two: {} } });
    expect(upstream.calls.map((call) => partsIn(call).at(-1)?.content)).toEqual(['one', 'two']);
  });

  test('passes on 64 MiB without a change', async () => {
    const { url, upstream } = await startFacade({ 'POST /files': file });

    const content = Buffer.alloc(64 * 1024 ** 2, 'loaf of bread, ');
    expect(await upload(url, { query: createFile('fileId'), files: { 'big.bin': content } })).toMatchObject({
      data: { createFile: {} },
    });
    expect(
      createHash('sha256')
        .update(partsIn(upstream.calls[0]).at(-1)?.content ?? '')
        .digest('hex'),
    ).toBe(createHash('sha256').update(content).digest('hex'));
  });

  test("fails with the upstream's own error", async () => {
    const { url } = await startFacade({
      'POST /files': refusal(400, "Invalid value for 'expires_after[seconds]'.", { param: 'expires_after[seconds]' }),
    });

    expect(await upload(url, { query: createFile('fileId'), files: { 'a.txt': 'a' } })).toMatchObject({
      data: { createFile: null },
      errors: [{ path: ['createFile'], extensions: { code: 'BAD_USER_INPUT', upstream: { status: 400 } } }],
    });
  });

  test.each([
    ['null', null],
    ['a text', 'a.txt'],
    ['an object', { name: 'a.txt' }],
  ])('with %s in place of a file is refused without a REST call', async (_, value) => {
    const { query, upstream } = await startFacade({ 'POST /files': file });

    const { data, errors } = await query(createFile('fileId'), { file: value });
    expect(data).toBeUndefined();
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT' });
    expect(upstream.calls).toEqual([]);
  });

  test('with a file written into the document is refused with what is allowed', async () => {
    const { query } = await startFacade({});

    const document = 'mutation { createFile(input: { file: "a.txt", purpose: VISION }) { file { fileId } } }';
    expect((await query(document)).errors).toMatchObject([
      { message: expect.stringContaining('An Upload must be a variable'), extensions: { code: 'BAD_USER_INPUT' } },
    ]);
  });
});
